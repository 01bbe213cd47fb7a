using Dbaas.Host.State;

namespace Dbaas.Host.Volumes;

/// <summary>What must be remembered of a volume. Whether it is open is not: that the kernel knows, also after a reboot.</summary>
internal sealed record VolumeRecord
{
    public required string Id { get; init; }
    public required OwnerRecord Owner { get; init; }
    public required long SizeBytes { get; init; }

    /// <summary>Size the file system was last brought to; less than <see cref="SizeBytes"/> while growing is unfinished.</summary>
    public required long FileSystemBytes { get; init; }

    /// <summary>Owner of the data folder on the host.</summary>
    public required int Uid { get; init; }
    public required ulong Epoch { get; init; }

    /// <summary>The kernel's name for the data key (a one-way hash of it), hex; empty before the first open.</summary>
    public string KeyIdentifier
    {
        get;
        init => field = value ?? ""; // a file of an earlier version may lack it
    } = "";

    /// <summary>
    /// RFC 3339; set once the data is gone. The record stays for the epoch's sake: a late create must not bring the volume back.
    /// </summary>
    public string DestroyedAt
    {
        get;
        init => field = value ?? ""; // a file of an earlier version may lack it
    } = "";
}
