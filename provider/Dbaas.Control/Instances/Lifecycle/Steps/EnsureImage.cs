using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Instances.Lifecycle.Steps;

/// <summary>The first instance of an engine on a host waits until its image is built; that takes a minute or two.</summary>
internal sealed class EnsureImage(MachineDrivers drivers, InstanceStore store) : InstanceStep
{
    public override string Name => "ensure-image";

    public override TimeSpan Deadline => TimeSpan.FromMinutes(10);

    public override async Task<InstanceState> DoAsync(
        InstanceState state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var parts = await store.ReadAsync(context.Tenant, state.Instance, cancellationToken);
        var progress = new ImageReport(context.Report);
        var image = "";
        foreach (var host in state.Members.Select(member => member.Host).Distinct())
        {
            image = await drivers
                .For(state.Region)
                .EnsureImageAsync(
                    host,
                    new EnsureImageRequest
                    {
                        Engine = parts.Instance.Engine,
                        Version = parts.Instance.Spec.Major(),
                    },
                    progress,
                    cancellationToken
                );
        }

        await RequireAsync(state, parts.Instance, image, cancellationToken);
        return state with { ImageId = image };
    }

    /// <summary>The plan saw an image that meets the floor; on another day, or another host, it may be gone.</summary>
    private async Task RequireAsync(
        InstanceState state,
        InstanceRow row,
        string image,
        CancellationToken cancellationToken
    )
    {
        var floor = row.Spec.EngineVersion;
        if (floor == row.Spec.Major())
        {
            return;
        }

        foreach (var host in state.Members.Select(member => member.Host).Distinct())
        {
            var images = await drivers.For(state.Region).ListImagesAsync(host, cancellationToken);
            var found = images.FirstOrDefault(one => one.ImageId == image)?.EngineVersion ?? "";
            if (VersionFloor.Behind(found, floor))
            {
                throw new StepFailedException(
                    new Problem(
                        InstanceProblems.Minor,
                        422,
                        $"The newest image of {row.Engine} {row.Spec.Major()} on host {host} holds {found}, not {floor}.",
                        "/engineVersion",
                        found
                    ),
                    retryable: false
                );
            }
        }
    }

    private sealed class ImageReport(Action<string> report) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) =>
            report(value.Message.Length > 0 ? $"{value.Stage}: {value.Message}" : value.Stage);
    }
}
