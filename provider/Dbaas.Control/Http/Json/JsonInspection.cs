using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Dbaas.Client.Operations;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Http.Json;

/// <summary>
/// Reads a request body as strictly as the API promises and says precisely what is wrong: first the text (encoding, syntax, depth,
/// duplicate members, each with its byte offset), then its shape against the type the endpoint takes (unknown members with the nearest
/// name, types, ranges), all faults at once with their JSON pointers. What passes here is deserialised without error.
/// </summary>
internal static class JsonInspection
{
    /// <summary>Objects and arrays within each other.</summary>
    public const int MaximumDepth = 32;

    /// <summary>Null when the text is well-formed JSON without duplicates.</summary>
    public static Problem? InspectText(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith(Encoding.UTF8.Preamble))
        {
            return Encoding1("Leave out the byte order mark.", 0);
        }

        var invalid = FirstInvalidUtf8(body);
        if (invalid >= 0)
        {
            return Encoding1("The body is not valid UTF-8.", invalid);
        }

        if (body.TrimStart(" \t\r\n"u8).IsEmpty)
        {
            return new Problem("json.body_required", 400, "Send a JSON object as the body.");
        }

        var reader = new Utf8JsonReader(
            body,
            new JsonReaderOptions { MaxDepth = MaximumDepth + 1 }
        );
        var names = new Stack<HashSet<string>>();
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth >= MaximumDepth)
                {
                    return new Problem(
                        "json.depth",
                        400,
                        $"Nested deeper than {MaximumDepth} levels at byte {reader.TokenStartIndex}."
                    );
                }

                if (InspectToken(ref reader, names) is { } problem)
                {
                    return problem;
                }
            }
        }
        catch (JsonException e)
        {
            // Within one line the reader's position is the byte; over several lines the bytes of the lines before are added.
            var offset = Offset(body, e.LineNumber ?? 0, e.BytePositionInLine ?? 0);
            return names.Count > MaximumDepth
                ? new Problem(
                    "json.depth",
                    400,
                    $"Nested deeper than {MaximumDepth} levels at byte {offset}."
                )
                : new Problem("json.malformed", 400, $"Not JSON from byte {offset} on.");
        }

        return null;
    }

    /// <summary>Each member that does not fit the type; empty when all do.</summary>
    public static IReadOnlyList<FieldProblem> InspectShape(
        JsonNode? node,
        JsonTypeInfo type,
        string pointer = ""
    )
    {
        var faults = new List<FieldProblem>();
        JsonShape.Inspect(node, type, pointer, faults);
        return faults;
    }

    private static Problem? InspectToken(ref Utf8JsonReader reader, Stack<HashSet<string>> names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push(new HashSet<string>(StringComparer.Ordinal));
                return null;
            case JsonTokenType.EndObject:
                names.Pop();
                return null;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                string text;
                try
                {
                    text = reader.GetString()!;
                }
                catch (InvalidOperationException)
                {
                    return Encoding1("A lone surrogate is no character.", reader.TokenStartIndex);
                }

                if (text.Contains('\0', StringComparison.Ordinal))
                {
                    return Encoding1("U+0000 cannot be stored.", reader.TokenStartIndex);
                }

                return reader.TokenType == JsonTokenType.PropertyName && !names.Peek().Add(text)
                    ? new Problem(
                        "json.duplicate_member",
                        400,
                        $"'{Printable.Of(text)}' is named twice, the second time at byte {reader.TokenStartIndex}."
                    )
                    : null;
            default:
                return null;
        }
    }

    private static Problem Encoding1(string what, long offset) =>
        new("json.encoding", 400, $"{what} Byte {offset}.");

    private static long FirstInvalidUtf8(ReadOnlySpan<byte> body)
    {
        var offset = 0;
        while (offset < body.Length)
        {
            var status = Rune.DecodeFromUtf8(body[offset..], out _, out var used);
            if (status != System.Buffers.OperationStatus.Done)
            {
                return offset;
            }

            offset += used;
        }

        return -1;
    }

    private static long Offset(ReadOnlySpan<byte> body, long line, long column)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            var end = body[start..].IndexOf((byte)'\n');
            if (end < 0)
            {
                break;
            }

            start += end + 1;
        }

        return start + column;
    }
}
