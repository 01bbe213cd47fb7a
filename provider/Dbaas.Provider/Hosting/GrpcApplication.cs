using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;

namespace Dbaas.Provider.Hosting;

/// <summary>
/// gRPC on Kestrel without a framework: five bytes of prefix a message, the status in a trailer. Routes are full method names;
/// an unknown one answers status 12, which hosts of every version understand.
/// </summary>
internal sealed class GrpcApplication(
    IReadOnlyDictionary<string, GrpcMethod> methods,
    CancellationToken stopping
) : IHttpApplication<IFeatureCollection>
{
    private const string Internal = "13";
    private const string Unimplemented = "12";
    private const int PrefixLength = 5;

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception) { }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "application/grpc";
        var path = context.GetRequiredFeature<IHttpRequestFeature>().Path;
        if (!methods.TryGetValue(path, out var method))
        {
            Refuse(response, Unimplemented, "unknown method");
            return;
        }

        var aborted = context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        if (method.Invoke is null)
        {
            await HoldOpenAsync(context, aborted);
            return;
        }

        IMessage answer;
        try
        {
            var request = await ReadAsync(
                context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader,
                aborted
            );
            answer = await method.Invoke(request, aborted);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // Diagnostics are made further in; what arrives here is a broken message. The text is not shown to users.
            Refuse(response, Internal, error.GetType().Name);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await WriteAsync(context, answer, aborted);
        method.Answered?.Invoke();
    }

    private async Task HoldOpenAsync(IFeatureCollection context, CancellationToken aborted)
    {
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync(aborted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        await Task.Delay(Timeout.Infinite, end.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
    }

    private static void Refuse(IHttpResponseFeature response, string status, string message)
    {
        response.Headers["grpc-status"] = status;
        response.Headers["grpc-message"] = message;
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        PipeReader body,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (!read.IsCompleted)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                continue;
            }

            var frame = read.Buffer.ToArray();
            body.AdvanceTo(read.Buffer.End);
            if (
                frame.Length < PrefixLength
                || frame[0] != 0
                || BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1))
                    != frame.Length - PrefixLength
            )
            {
                throw new InvalidDataException("Not one uncompressed gRPC message.");
            }

            return frame.AsMemory(PrefixLength);
        }
    }

    private static async Task WriteAsync(
        IFeatureCollection context,
        IMessage answer,
        CancellationToken cancellationToken
    )
    {
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        var size = answer.CalculateSize();
        var frame = writer.GetSpan(PrefixLength + size);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame[1..], (uint)size);
        answer.WriteTo(frame.Slice(PrefixLength, size));
        writer.Advance(PrefixLength + size);
        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"] = "0";
        await writer.FlushAsync(cancellationToken);
    }
}
