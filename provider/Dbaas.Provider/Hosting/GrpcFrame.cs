using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;

namespace Dbaas.Provider.Hosting;

/// <summary>gRPC's framing of one message: a byte that says "not compressed", four of length, the message.</summary>
internal static class GrpcFrame
{
    public const int PrefixLength = 5;

    // What Pulumi's engine accepts; Terraform's own bound is lower.
    private const int LongestMessage = 400 * 1024 * 1024;

    /// <exception cref="GrpcException">Not exactly one uncompressed message, or one too long.</exception>
    public static async Task<byte[]> ReadAsync(PipeReader body, CancellationToken cancellationToken)
    {
        byte[]? message = null;
        var filled = 0;
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            var rest = read.Buffer;
            if (message is null && rest.Length >= PrefixLength)
            {
                message = new byte[LengthOf(rest)];
                rest = rest.Slice(PrefixLength);
            }

            if (message is null)
            {
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            }
            else
            {
                if (rest.Length > message.Length - filled)
                {
                    throw Broken();
                }

                rest.CopyTo(message.AsSpan(filled));
                filled += (int)rest.Length;
                // Consumed at once: what is only looked at counts against the sender's flow control window.
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return message is not null && filled == message.Length ? message : throw Broken();
            }
        }
    }

    /// <summary>The message with its prefix.</summary>
    public static byte[] Of(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = new byte[PrefixLength + size];
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)size);
        message.WriteTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    private static int LengthOf(ReadOnlySequence<byte> start)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        start.Slice(0, PrefixLength).CopyTo(prefix);
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        return (prefix[0], length) switch
        {
            (not 0, _) => throw new GrpcException(
                GrpcStatus.Unimplemented,
                "Compressed messages are not understood."
            ),
            (_, > LongestMessage) => throw new GrpcException(
                GrpcStatus.ResourceExhausted,
                "The message is larger than 400 MiB."
            ),
            _ => (int)length,
        };
    }

    private static GrpcException Broken() =>
        new(GrpcStatus.InvalidArgument, "The request is not one gRPC message.");
}
