using Dbaas.Protocol.Host;
using Grpc.Core;

namespace Dbaas.Control.Machines.Host;

/// <summary>Machines on plain Linux hosts: every verb is one call of host.proto to the daemon there. Thread-safe.</summary>
internal sealed partial class HostMachineDriver(HostChannels channels) : IMachineDriver
{
    private static readonly TimeSpan s_factsDeadline = TimeSpan.FromSeconds(3);

    public string Name => "host";

    /// <summary>Hosts that answer within three seconds; one that is away must not hold up the others.</summary>
    public async Task<IReadOnlyList<HostFacts>> DescribeAsync(
        string region,
        CancellationToken cancellationToken
    )
    {
        var ids = await channels.InRegionAsync(region, cancellationToken);
        var facts = await Task.WhenAll(ids.Select(id => TryFactsAsync(id, cancellationToken)));
        return [.. facts.OfType<HostFacts>()];
    }

    public Task<string> EnsureImageAsync(
        string hostId,
        EnsureImageRequest request,
        IProgress<ImageProgress> progress,
        CancellationToken cancellationToken
    ) =>
        CallAsync(
            hostId,
            async client =>
            {
                var image = "";
                using var stream = client.EnsureImage(
                    request,
                    cancellationToken: cancellationToken
                );
                await foreach (var message in stream.ResponseStream.ReadAllAsync(cancellationToken))
                {
                    progress.Report(message);
                    image = message.ImageId.Length > 0 ? message.ImageId : image;
                }

                return image.Length > 0
                    ? image
                    : throw new MachineDriverException(
                        "image.no_answer",
                        "The host ended without naming an image.",
                        retryable: true
                    );
            },
            cancellationToken
        );

    private async Task<HostFacts?> TryFactsAsync(string hostId, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_factsDeadline);
        try
        {
            return await AskAsync(
                hostId,
                (host, options) => host.GetFactsAsync(new GetFactsRequest(), options),
                deadline.Token
            );
        }
        catch (MachineDriverException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<T> CallAsync<T>(
        string hostId,
        Func<HostService.HostServiceClient, Task<T>> call,
        CancellationToken cancellationToken
    )
    {
        var channel = await channels.ToAsync(hostId, cancellationToken);
        try
        {
            return await call(new HostService.HostServiceClient(channel));
        }
        catch (RpcException exception)
            when (exception.StatusCode is StatusCode.Cancelled
                && cancellationToken.IsCancellationRequested
            )
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }
        catch (RpcException exception)
        {
            if (exception.StatusCode is StatusCode.Unavailable)
            {
                channels.Forget(hostId);
            }

            throw Translate(hostId, exception);
        }
    }

    /// <summary>What the host says in its trailers; without trailers the connection itself failed, and that is worth another try.</summary>
    private static MachineDriverException Translate(string hostId, RpcException exception)
    {
        var code = exception.Trailers.GetValue("dbaas-code");
        if (code is not null)
        {
            return new MachineDriverException(
                // Each part of a host has its own name for it; callers of drivers know one.
                code.EndsWith(".stale_epoch", StringComparison.Ordinal)
                    ? MachineDriverException.StaleEpoch
                    : code,
                exception.Status.Detail,
                exception.Trailers.GetValue("dbaas-retry") == "1",
                exception
            );
        }

        var passing =
            exception.StatusCode
            is StatusCode.Unavailable
                or StatusCode.DeadlineExceeded
                or StatusCode.Cancelled
                or StatusCode.Unknown
                or StatusCode.Internal
                or StatusCode.Aborted
                or StatusCode.ResourceExhausted;
        return new MachineDriverException(
            passing ? "host.unreachable" : "host.refused",
            $"The host {hostId} could not be asked ({exception.StatusCode}): {exception.Status.Detail}",
            passing,
            exception
        );
    }
}
