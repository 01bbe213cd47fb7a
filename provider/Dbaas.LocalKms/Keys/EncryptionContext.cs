using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Dbaas.LocalKms.Keys;

/// <summary>
/// Names and values bound to a ciphertext as additional authenticated data: it opens only with exactly the same ones. No context and an
/// empty one are the same.
/// </summary>
internal sealed class EncryptionContext
{
    /// <summary>Characters of all names and values together (limit of AWS KMS).</summary>
    public const int MaximumLength = 8192;

    private readonly SortedDictionary<string, string> entries;

    private EncryptionContext(IEnumerable<KeyValuePair<string, string>> entries) =>
        this.entries = new(new Dictionary<string, string>(entries), StringComparer.Ordinal);

    public static EncryptionContext Empty { get; } = new([]);

    public IReadOnlyCollection<string> Names => entries.Keys;

    public int Length => entries.Sum(entry => entry.Key.Length + entry.Value.Length);

    public static EncryptionContext Of(IReadOnlyDictionary<string, string>? entries) =>
        entries is null or { Count: 0 } ? Empty : new(entries);

    public string? Find(string name) => entries.GetValueOrDefault(name);

    public bool Includes(IReadOnlyDictionary<string, string> wanted) =>
        wanted.All(pair => entries.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public bool Is(IReadOnlyDictionary<string, string> wanted) =>
        wanted.Count == entries.Count && Includes(wanted);

    /// <summary>
    /// One byte string for one context: entries in ordinal order of their names, each string as its length (4 bytes, big-endian) and its
    /// UTF-8. Lengths keep {"a":"bc"} and {"ab":"c"} apart.
    /// </summary>
    public byte[] Canonical()
    {
        var writer = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in entries)
        {
            Append(writer, name);
            Append(writer, value);
        }

        return writer.WrittenSpan.ToArray();
    }

    private static void Append(ArrayBufferWriter<byte> writer, string text)
    {
        BinaryPrimitives.WriteInt32BigEndian(
            writer.GetSpan(sizeof(int)),
            Encoding.UTF8.GetByteCount(text)
        );
        writer.Advance(sizeof(int));
        _ = Encoding.UTF8.GetBytes(text, writer);
    }
}
