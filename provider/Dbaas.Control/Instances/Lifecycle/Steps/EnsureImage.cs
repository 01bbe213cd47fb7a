using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
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

        return state with
        {
            ImageId = image,
        };
    }

    private sealed class ImageReport(Action<string> report) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) =>
            report(value.Message.Length > 0 ? $"{value.Stage}: {value.Message}" : value.Stage);
    }
}
