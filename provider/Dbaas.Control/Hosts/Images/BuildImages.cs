using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Hosts.Images;

/// <summary>
/// Has each host build the image anew. No instance notices: what runs stays on its image. Hosts that share a store build once. Repeated
/// after a crash it builds again, and the same packages give the same image.
/// </summary>
internal sealed class BuildImages(MachineDrivers drivers) : IStep<ImageRefresh>
{
    public string Name => "build-images";

    public TimeSpan Deadline => TimeSpan.FromMinutes(15);

    public async Task<ImageRefresh> DoAsync(
        ImageRefresh state,
        StepContext context,
        CancellationToken cancellationToken
    )
    {
        var built = new HashSet<string>(StringComparer.Ordinal);
        foreach (var host in state.Hosts)
        {
            var driver = drivers.For(host.Region);
            var images = await driver.ListImagesAsync(host.HostId, cancellationToken);
            if (images.Any(image => image.Newest && built.Contains(image.ImageId)))
            {
                continue;
            }

            built.Add(
                await driver.EnsureImageAsync(
                    host.HostId,
                    new EnsureImageRequest
                    {
                        Engine = state.Engine,
                        Version = state.Version,
                        Refresh = true,
                    },
                    new ImageReport(context.Report),
                    cancellationToken
                )
            );
        }

        return state;
    }

    public Task UndoAsync(
        ImageRefresh state,
        StepContext context,
        CancellationToken cancellationToken
    ) => Task.CompletedTask; // an image that is there harms nobody

    private sealed class ImageReport(Action<string> report) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) =>
            report(value.Message.Length > 0 ? $"{value.Stage}: {value.Message}" : value.Stage);
    }
}
