using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Dbaas.LocalKms.Protocol;

/// <summary>A response's bytes. They may hold a plaintext key, so they are zeroed once they were sent.</summary>
internal sealed class ResponseBody : IDisposable
{
    // Large enough for the longest answer with key material (4096 bytes in base64), so the buffer never grows and leaves a copy behind.
    private const int InitialCapacity = 16 * 1024;
    private readonly ArrayBufferWriter<byte> buffer = new(InitialCapacity);

    private ResponseBody() { }

    /// <summary>Operations without a response answer an empty body.</summary>
    public static ResponseBody Empty() => new();

    public static ResponseBody Of<T>(T response, JsonTypeInfo<T> type)
    {
        var body = new ResponseBody();
        using var writer = new Utf8JsonWriter(body.buffer);
        JsonSerializer.Serialize(writer, response, type);
        return body;
    }

    public ReadOnlyMemory<byte> Bytes => buffer.WrittenMemory;

    public void Dispose() => buffer.Clear();
}
