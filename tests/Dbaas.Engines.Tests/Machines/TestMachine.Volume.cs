using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.Tests.Machines;

/// <summary>What a test does to the volume behind the agent's back.</summary>
internal sealed partial class TestMachine
{
    private const long MiB = 1L << 20;

    private string Filler => $"{Data}/filler";

    /// <summary>Room held back for a recovery.</summary>
    public string Ballast => $"{Data}/agent/ballast";

    /// <summary>Exists while the server may not have read its files as they are.</summary>
    public string Unread => $"{Data}/agent/unread";

    /// <summary>Takes all room but <paramref name="leave"/> bytes.</summary>
    public void Fill(long leave)
    {
        // Blocks and not a length alone, so that nobody else can have them.
        var free = new DriveInfo(Data).AvailableFreeSpace - leave;
        while (free > MiB)
        {
            try
            {
                using var file = new FileStream(
                    Filler,
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        PreallocationSize = free,
                    }
                );
                return;
            }
            catch (IOException)
            {
                free -= MiB; // what the file system needs for itself
            }
        }

        Assert.Fail("The volume could not be filled.");
    }

    /// <summary>Gives back what <see cref="Fill"/> took.</summary>
    public void Empty() => File.Delete(Filler);

    /// <summary>Leaves a certificate as an agent does that is killed after it wrote it and before the server read it.</summary>
    public void WriteUnread(TlsMaterial tls)
    {
        // Written in place: owner and mode stay the agent's.
        File.WriteAllText($"{Data}/conf/tls/endpoint.crt", tls.CertificatePem);
        File.WriteAllText($"{Data}/conf/tls/endpoint.key", tls.KeyPem);
        File.WriteAllText(Unread, "");
    }
}
