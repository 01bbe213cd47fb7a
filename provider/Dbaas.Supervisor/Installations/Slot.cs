using System.Globalization;
using System.Security.Cryptography;

namespace Dbaas.Supervisor.Installations;

/// <summary>
/// The n-th set of ports, uids and address ranges of a box. Slot 0 holds the documented defaults; an installation beside the first
/// takes the next free one.
/// </summary>
internal readonly record struct Slot(int Number)
{
    /// <summary>The machine ranges 10.201 to 10.252 are what bounds it.</summary>
    public const int Count = 26;

    public int PortBase => 7440 + (100 * Number);
    public int UidBase => 640_000 + (10_000 * Number);
    public int FirstMachineOctet => 201 + (2 * Number);

    /// <summary>Ports an installation listens on, relative to its base.</summary>
    public static IReadOnlyList<int> PortOffsets { get; } = [3, 4, 11, 12, 21, 22, 31, 32, 41, 42];

    public Installation Describe(string imageStore, int? portBase, int? uidBase) =>
        new()
        {
            Id = RandomNumberGenerator.GetHexString(8, lowercase: true),
            PortBase = portBase ?? PortBase,
            UidBase = uidBase ?? UidBase,
            Regions = [Region("local-a", 0), Region("local-b", 1)],
            ImageStore = imageStore,
        };

    private InstalledRegion Region(string name, int index)
    {
        var machine = (FirstMachineOctet + index).ToString(CultureInfo.InvariantCulture);
        var endpoint = (101 + (2 * Number) + index).ToString(CultureInfo.InvariantCulture);
        return new(name, $"10.{machine}.0.0/16", $"127.{endpoint}.0.0/16", $"10.{machine}.255.1");
    }
}
