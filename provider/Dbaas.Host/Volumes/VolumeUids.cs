using System.Net;
using Dbaas.Host.Configuration;
using Dbaas.Host.Native;

namespace Dbaas.Host.Volumes;

/// <summary>
/// The unprivileged uids of this region's volumes, under which their machines run: one each, so that a process that got out of its
/// container could touch no other's files. The host draws them itself; nobody can ask for root's.
/// </summary>
internal sealed class VolumeUids(HostSettings settings)
{
    // base+1000 to base+9999 are machines'. Regions of one box share the base and have neighbouring /16, hence eight parts.
    private const int FirstOffset = 1000;
    private const int Parts = 8;
    private const int PartSize = 1125;

    private readonly int first =
        settings.UidBase
        + FirstOffset
        + IPNetwork.Parse(settings.MachineRange).BaseAddress.GetAddressBytes()[1]
            % Parts
            * PartSize;

    /// <summary>Whether a uid is one of this region's volumes. Records of early versions hold 0.</summary>
    public bool Owns(int uid) => uid >= first && uid < first + PartSize;

    /// <summary>The lowest uid that is not taken. The caller keeps others from drawing until it has stored it.</summary>
    /// <exception cref="HostRefusal">All are taken.</exception>
    public int Draw(IEnumerable<int> taken)
    {
        var used = taken.ToHashSet();
        for (var uid = first; uid < first + PartSize; uid++)
        {
            if (!used.Contains(uid))
            {
                return uid;
            }
        }
        throw new HostRefusal(
            RefusalKind.Exhausted,
            "host.uids_exhausted",
            $"This host has no user id left for another volume; it has {PartSize}."
        );
    }

    /// <summary>Gives a folder with all that is in it to a uid; the folder itself last, so that a crash before shows.</summary>
    public static void GiveAll(string folder, int uid)
    {
        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.None,
        };
        // Links are given, not followed; the enumeration does not walk through them either.
        foreach (var entry in Directory.EnumerateFileSystemEntries(folder, "*", options))
        {
            Ownership.Give(entry, uid);
        }
        Ownership.Give(folder, uid);
    }
}
