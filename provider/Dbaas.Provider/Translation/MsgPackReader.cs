using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dbaas.Provider.Translation;

/// <summary>Reads the msgpack the host sends. The type decides between list and set, map and object, and text and number.</summary>
internal ref struct MsgPackReader
{
    // Deeper than any schema of ours can be; guards the stack against nonsense.
    private const int MaxDepth = 64;

    private readonly ReadOnlyMemory<byte> memory;
    private int offset;
    private int depth;

    private MsgPackReader(ReadOnlyMemory<byte> memory) => this.memory = memory;

    /// <exception cref="InvalidDataException">Not msgpack, or not of this type.</exception>
    public static Value Read(ValueShape type, ReadOnlyMemory<byte> data)
    {
        if (data.IsEmpty)
        {
            return Value.Null;
        }

        var reader = new MsgPackReader(data);
        return reader.ReadValue(type);
    }

    private Value ReadValue(ValueShape type)
    {
        if (++depth > MaxDepth)
        {
            throw new InvalidDataException("The value is nested too deeply.");
        }

        var code = Next();
        Value value = code switch
        {
            0xc0 => Value.Null,
            0xc2 => new Value.Bool(false),
            0xc3 => new Value.Bool(true),
            >= 0xd4 and <= 0xd8 => Extension(1 << (code - 0xd4)),
            0xc7 => Extension(Next()),
            0xc8 => Extension(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xc9 => Extension(Size(BinaryPrimitives.ReadUInt32BigEndian(Take(4)))),
            <= 0x7f or >= 0xe0 or (>= 0xca and <= 0xd3) => Number(code),
            (>= 0xa0 and <= 0xbf) or (>= 0xd9 and <= 0xdb) => Text(type, code),
            (>= 0x90 and <= 0x9f) or 0xdc or 0xdd => List(type, code),
            (>= 0x80 and <= 0x8f) or 0xde or 0xdf => Map(type, code),
            _ => throw new InvalidDataException(
                $"msgpack code 0x{code:x2} has no place in a value."
            ),
        };
        depth--;
        return value;
    }

    /// <summary>Every extension is some unknown; payloads we do not understand are kept and never looked at.</summary>
    private Value.Unknown Extension(int length)
    {
        _ = Next();
        var start = offset;
        _ = Take(length);
        return new Value.Unknown(memory.Slice(start, length));
    }

    private Value.Number Number(byte code) =>
        code switch
        {
            <= 0x7f => FromInteger(code),
            >= 0xe0 => FromInteger((sbyte)code),
            0xca => FromDouble(BinaryPrimitives.ReadSingleBigEndian(Take(4))),
            0xcb => FromDouble(BinaryPrimitives.ReadDoubleBigEndian(Take(8))),
            0xcc => FromInteger(Next()),
            0xcd => FromInteger(BinaryPrimitives.ReadUInt16BigEndian(Take(2))),
            0xce => FromInteger(BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
            0xcf => new Value.Number(
                BinaryPrimitives.ReadUInt64BigEndian(Take(8)).ToString(CultureInfo.InvariantCulture)
            ),
            0xd0 => FromInteger((sbyte)Next()),
            0xd1 => FromInteger(BinaryPrimitives.ReadInt16BigEndian(Take(2))),
            0xd2 => FromInteger(BinaryPrimitives.ReadInt32BigEndian(Take(4))),
            _ => FromInteger(BinaryPrimitives.ReadInt64BigEndian(Take(8))),
        };

    private static Value.Number FromInteger(long integer) =>
        new(integer.ToString(CultureInfo.InvariantCulture));

    private static Value.Number FromDouble(double number)
    {
        if (!double.IsFinite(number))
        {
            throw new InvalidDataException("An infinite number has no place in a value.");
        }

        var shortest = new Value.Number(number.ToString("R", CultureInfo.InvariantCulture));
        // The host sends a double only when it is exact; then all of its digits count, not the shortest that round back.
        return PlainDecimal.IsExactDouble(shortest.Digits)
            ? shortest
            : new Value.Number(number.ToString("F1074", CultureInfo.InvariantCulture));
    }

    private Value Text(ValueShape type, byte code)
    {
        var length = code switch
        {
            <= 0xbf => code & 0x1f,
            0xd9 => Next(),
            0xda => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            _ => Size(BinaryPrimitives.ReadUInt32BigEndian(Take(4))),
        };
        var text = Encoding.UTF8.GetString(Take(length));
        return type == ValueShape.Number ? new Value.Number(text) : new Value.Text(text);
    }

    private Value.List List(ValueShape type, byte code)
    {
        var element =
            (type as ValueShape.List)?.Element
            ?? throw new InvalidDataException("A list came where none belongs.");
        var count = Count(code, 0x0f, 0xdc);
        var items = new List<Value>(Math.Min(count, 1024));
        for (var i = 0; i < count; i++)
        {
            items.Add(ReadValue(element));
        }

        return new Value.List(items);
    }

    private Value.Map Map(ValueShape type, byte code)
    {
        var count = Count(code, 0x0f, 0xde);
        var members = new SortedDictionary<string, Value>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var name = ((Value.Text)Text(ValueShape.Text, Next())).Content;
            var member = type switch
            {
                ValueShape.Map map => map.Element,
                ValueShape.Object @object
                    when @object.Attributes.TryGetValue(name, out var attribute) => attribute,
                _ => throw new InvalidDataException($"'{name}' is no attribute of this type."),
            };
            members[name] = ReadValue(member);
        }

        return new Value.Map(members);
    }

    private int Count(byte code, int mask, byte medium)
    {
        if (code < 0xa0)
        {
            return code & mask;
        }

        return code == medium
            ? BinaryPrimitives.ReadUInt16BigEndian(Take(2))
            : Size(BinaryPrimitives.ReadUInt32BigEndian(Take(4)));
    }

    private readonly int Size(uint length) =>
        length <= (uint)memory.Length
            ? (int)length
            : throw new InvalidDataException("The value ends too early.");

    private byte Next() => Take(1)[0];

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > memory.Length - offset)
        {
            throw new InvalidDataException("The value ends too early.");
        }

        var span = memory.Span.Slice(offset, length);
        offset += length;
        return span;
    }
}
