using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Dbaas.Control.Tests.Support;

/// <summary>A TLS connection on which a test writes what no HTTP client would.</summary>
internal sealed class RawConnection : IAsyncDisposable
{
    private readonly SslStream _stream;

    private RawConnection(SslStream stream) => _stream = stream;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<RawConnection> OpenAsync(RunningControl control)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(control.Address.Host, control.Address.Port, Token);
        var stream = new SslStream(socket.GetStream());
        await stream.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = control.Address.Host,
                CertificateChainPolicy = control.Trust(),
            },
            Token
        );
        return new RawConnection(stream);
    }

    public async Task WriteAsync(string text) =>
        await _stream.WriteAsync(Encoding.UTF8.GetBytes(text), Token);

    /// <summary>Status, the head in whole, and the body as far as Content-Length or chunks say.</summary>
    public async Task<(int Status, string Head, string Body)> ReadAsync()
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await ReadByteAsync() is not { } next)
            {
                return (0, head.ToString(), "");
            }

            head.Append((char)next);
        }

        var text = head.ToString();
        var status = int.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture);
        return (status, text, await BodyAsync(text));
    }

    /// <summary>Whether the server ends the connection within the time.</summary>
    public async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(time);
        try
        {
            var buffer = new byte[1024];
            while (await _stream.ReadAsync(buffer, deadline.Token) > 0) { }
        }
        catch (IOException)
        {
            // A reset is an end as well.
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            return false;
        }

        return true;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async Task<string> BodyAsync(string head)
    {
        var body = new StringBuilder();
        if (head.Contains("chunked", StringComparison.OrdinalIgnoreCase))
        {
            while (
                int.Parse(await LineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    is var size
                && size > 0
            )
            {
                body.Append(await BytesAsync(size));
                await LineAsync();
            }

            await LineAsync();
            return body.ToString();
        }

        var length = head.Split("\r\n")
            .FirstOrDefault(line =>
                line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)
            );
        return length is null
            ? ""
            : await BytesAsync(int.Parse(length.Split(':')[1], CultureInfo.InvariantCulture));
    }

    private async Task<string> LineAsync()
    {
        var line = new StringBuilder();
        while (await ReadByteAsync() is { } next && next != '\n')
        {
            line.Append((char)next);
        }

        return line.ToString().TrimEnd('\r');
    }

    private async Task<string> BytesAsync(int count)
    {
        var buffer = new byte[count];
        await _stream.ReadExactlyAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer);
    }

    private async Task<byte?> ReadByteAsync()
    {
        var buffer = new byte[1];
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Token);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        return await _stream.ReadAsync(buffer, deadline.Token) == 0 ? null : buffer[0];
    }
}
