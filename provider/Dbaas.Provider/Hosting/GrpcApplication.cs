using System.Buffers;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
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
    private const string StatusName = "grpc-status";

    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public void DisposeContext(IFeatureCollection context, Exception? exception) { }

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        response.Headers.ContentType = "application/grpc";
        var path = context.GetRequiredFeature<IHttpRequestFeature>().Path;
        var aborted = context.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted;
        try
        {
            var method =
                methods.GetValueOrDefault(path)
                ?? throw new GrpcException(GrpcStatus.Unimplemented, $"unknown method {path}");
            if (method.Invoke is null)
            {
                await HoldOpenAsync(context, aborted);
                return;
            }

            var request = await GrpcFrame.ReadAsync(
                context.GetRequiredFeature<IRequestBodyPipeFeature>().Reader,
                aborted
            );
            await AnswerAsync(context, method.Invoke(request, aborted), aborted);
            method.Answered?.Invoke();
        }
        catch (OperationCanceledException)
        {
            // The host hung up, and hears no status.
        }
        catch (GrpcException error)
        {
            Refuse(context, error);
        }
        catch (Exception error)
        {
            // What users should read is made further in; what arrives here is a bug of ours or a broken message.
            Refuse(context, new GrpcException(GrpcStatus.Internal, error.GetType().Name));
        }
    }

    private static async Task AnswerAsync(
        IFeatureCollection context,
        IAsyncEnumerable<IMessage> answers,
        CancellationToken aborted
    )
    {
        var writer = context.GetRequiredFeature<IHttpResponseBodyFeature>().Writer;
        var any = false;
        await foreach (var answer in answers.WithCancellation(aborted))
        {
            if (any)
            {
                await writer.FlushAsync(aborted);
            }

            writer.Write(GrpcFrame.Of(answer));
            any = true;
        }

        if (!any)
        {
            await context.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync(aborted);
        }

        // Before the last flush, so that answer and status leave together.
        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers[StatusName] = "0";
        await writer.FlushAsync(aborted);
    }

    private async Task HoldOpenAsync(IFeatureCollection context, CancellationToken aborted)
    {
        await context.GetRequiredFeature<IHttpResponseBodyFeature>().StartAsync(aborted);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, stopping);
        await Task.Delay(Timeout.Infinite, end.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers[StatusName] = "0";
    }

    private static void Refuse(IFeatureCollection context, GrpcException error)
    {
        var response = context.GetRequiredFeature<IHttpResponseFeature>();
        // Without a body the status travels in the headers; once a body was begun, in the trailers.
        var fields = response.HasStarted
            ? context.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers
            : response.Headers;
        fields[StatusName] = ((int)error.Status).ToString(CultureInfo.InvariantCulture);
        fields["grpc-message"] = Escape(error.Message);
        if (error.Detail is { } detail)
        {
            var status = new Wire.Status
            {
                Code = (int)error.Status,
                Message = error.Message,
                Details = { Any.Pack(detail) },
            };
            fields["grpc-status-details-bin"] = Convert
                .ToBase64String(status.ToByteArray())
                .TrimEnd('=');
        }
    }

    /// <summary>Percent-encodes what a header cannot hold, as gRPC wants it.</summary>
    private static string Escape(string message)
    {
        var text = new StringBuilder(message.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(message))
        {
            if (octet is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return text.ToString();
    }
}
