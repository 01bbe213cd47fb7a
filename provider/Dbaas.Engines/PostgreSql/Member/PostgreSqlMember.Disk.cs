using Dbaas.Engines.Processes;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Turns writes away before the volume is full, and lets them in again once there is room.</summary>
internal sealed partial class PostgreSqlMember
{
    private const string FullVolume =
        "The volume is nearly full, so new transactions are read-only. Raise storageGib, or remove data in a transaction begun with BEGIN READ WRITE.";

    /// <summary>Writes the settings, which hold what transactions may by default, and has the server read them when they changed.</summary>
    protected override async Task<bool> TellServerAsync(bool readOnly)
    {
        await Gate.WaitAsync();
        try
        {
            if (
                !_server.Runs
                || Spec is not { } spec
                || !_files.Write(spec, Settings(spec, readOnly)).Server
            )
            {
                return false;
            }

            _server.Process!.Signal(Libc.SigHup);
            ObserveAnew();
            return true;
        }
        finally
        {
            Gate.Release();
        }
    }
}
