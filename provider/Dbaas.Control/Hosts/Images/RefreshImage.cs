using Dbaas.Control.Operations;

namespace Dbaas.Control.Hosts.Images;

/// <summary>Makes a version's newer minor available: to new instances, and to floors above what runs.</summary>
internal sealed class RefreshImage(BuildImages buildImages)
    : Workflow<ImageRefresh>(ImageRefreshJson.Default.ImageRefresh)
{
    public const string Name = "image.refresh";

    public override string Kind => Name;

    public override Recovery Recovery => Recovery.Stay;

    public override TimeSpan Deadline => TimeSpan.FromMinutes(20);

    protected override IReadOnlyList<IStep<ImageRefresh>> Steps { get; } = [buildImages];
}
