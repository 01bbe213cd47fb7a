using Dbaas.Control.Capacity;
using Dbaas.Control.Instances.Rules;

namespace Dbaas.Control.Instances;

/// <summary>What the hosts of a region say, as far as a check needs it. Asked with nothing held; see <see cref="InstanceChecks"/>.</summary>
/// <param name="Sizes">Of those that answered.</param>
/// <param name="Newest">Host id → version that it would start a new machine with; empty when no minor is named, or the host has no image.</param>
internal sealed record HostAnswers(
    IReadOnlyList<HostSize> Sizes,
    IReadOnlyDictionary<string, string> Newest
)
{
    /// <summary>For a check that needs nothing of them.</summary>
    public static HostAnswers None { get; } = new([], new Dictionary<string, string>());

    /// <summary>The newest version that any host would start; empty when none has an image.</summary>
    public string NewestAnywhere => Newest.Values.Aggregate("", VersionFloor.Newer);

    /// <summary>The version that this host would start; empty when it has no image.</summary>
    public string NewestOn(string hostId) => Newest.GetValueOrDefault(hostId, "");
}
