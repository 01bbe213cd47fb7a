using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Dbaas.Benchmarks.Scale;
using Dbaas.Provider.Pulumi.Wire;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Dbaas.Benchmarks.Providers;

/// <summary>The native provider, started and called the way Pulumi's engine does: a port on its first line, gRPC without TLS.</summary>
internal sealed class PulumiProcess : IDisposable
{
    private const int FrameHeader = 5;
    private static readonly TimeSpan CallDeadline = TimeSpan.FromMinutes(2);

    private readonly Process process;
    private readonly Task<string> error;
    private readonly long started;
    private HttpClient client = new();

    private PulumiProcess(string program, IReadOnlyDictionary<string, string> variables)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        started = Stopwatch.GetTimestamp();
        process = Process.Start(start)!;
        error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>From fork to the answer of GetPluginInfo.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>What it has used so far.</summary>
    public ProcessMeter Meter =>
        ProcessMeter.Read(process.Id)
        ?? throw new InvalidOperationException("The provider has ended.");

    public static async Task<PulumiProcess> StartAsync(
        string program,
        IReadOnlyDictionary<string, string> variables,
        CancellationToken cancellationToken
    )
    {
        var plugin = new PulumiProcess(program, variables);
        try
        {
            await plugin.ConnectAsync(cancellationToken);
            _ = await plugin.CallAsync(
                "GetPluginInfo",
                new Empty(),
                PluginInfo.Parser,
                cancellationToken
            );
            plugin.FirstAnswer = Stopwatch.GetElapsedTime(plugin.started);
            return plugin;
        }
        catch
        {
            plugin.Dispose();
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">The provider refused; the message says why.</exception>
    public async Task<TAnswer> CallAsync<TAnswer>(
        string method,
        IMessage message,
        MessageParser<TAnswer> parser,
        CancellationToken cancellationToken
    )
        where TAnswer : IMessage<TAnswer>
    {
        var body = new byte[FrameHeader + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - FrameHeader);
        message.WriteTo(body.AsSpan(FrameHeader));
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/pulumirpc.ResourceProvider/{method}"
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.Add(new("trailers"));
        using var answer = await client.SendAsync(request, cancellationToken);
        var bytes = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        var status = Last(answer, "grpc-status");
        return status == "0"
            ? parser.ParseFrom(bytes.AsSpan(FrameHeader).ToArray())
            : throw new InvalidOperationException(
                $"{method}: gRPC status {status}, {Uri.UnescapeDataString(Last(answer, "grpc-message"))}"
            );
    }

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        client.Dispose();
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        var line = await process.StandardOutput.ReadLineAsync(deadline.Token);
        if (!ushort.TryParse(line, out var port))
        {
            process.Kill();
            throw new InvalidOperationException(
                $"The provider answered \"{line}\" instead of its port. {await error}"
            );
        }

        client.Dispose();
        client = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = CallDeadline,
        };
    }

    /// <summary>From the trailers, or from the headers when there is no body.</summary>
    private static string Last(HttpResponseMessage answer, string name) =>
        answer.TrailingHeaders.TryGetValues(name, out var trailing) ? trailing.First()
        : answer.Headers.TryGetValues(name, out var leading) ? leading.First()
        : "";
}
