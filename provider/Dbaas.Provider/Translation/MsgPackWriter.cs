using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dbaas.Provider.Translation;

/// <summary>Writes values in the msgpack form Terraform reads. Every attribute of an object is written, nulls included.</summary>
internal static class MsgPackWriter
{
    public static byte[] Write(ValueShape type, Value value)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        WriteValue(buffer, type, value);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteValue(ArrayBufferWriter<byte> buffer, ValueShape type, Value value)
    {
        switch (value)
        {
            case Value.NullValue:
                Put(buffer, 0xc0);
                break;
            case Value.Unknown:
                // Always plain: a refinement that is emitted is enforced on the applied value, and we promise nothing about it.
                buffer.Write<byte>([0xd4, 0x00, 0x00]);
                break;
            case Value.Bool flag:
                Put(buffer, flag.Content ? (byte)0xc3 : (byte)0xc2);
                break;
            case Value.Number number:
                WriteNumber(buffer, number.Digits);
                break;
            case Value.Text text:
                WriteText(buffer, text.Content);
                break;
            case Value.List list when type is ValueShape.List listType:
                WriteHeader(buffer, list.Items.Count, 0x90, 15, 0xdc, 0xdd);
                foreach (var item in list.Items)
                {
                    WriteValue(buffer, listType.Element, item);
                }

                break;
            case Value.Map map when type is ValueShape.Map mapType:
                WriteHeader(buffer, map.Members.Count, 0x80, 15, 0xde, 0xdf);
                foreach (var (name, member) in map.Members)
                {
                    WriteText(buffer, name);
                    WriteValue(buffer, mapType.Element, member);
                }

                break;
            case Value.Map map when type is ValueShape.Object @object:
                WriteHeader(buffer, @object.Attributes.Count, 0x80, 15, 0xde, 0xdf);
                foreach (var (name, attribute) in @object.Attributes)
                {
                    WriteText(buffer, name);
                    WriteValue(buffer, attribute, map[name]);
                }

                break;
            default:
                throw new InvalidDataException(
                    $"A {value.GetType().Name} does not fit type {type.ToJson().ToJsonString()}."
                );
        }
    }

    private static void WriteNumber(ArrayBufferWriter<byte> buffer, string text)
    {
        if (
            long.TryParse(
                text,
                NumberStyles.AllowLeadingSign,
                CultureInfo.InvariantCulture,
                out var integer
            )
        )
        {
            WriteInteger(buffer, integer);
        }
        else if (text.Contains('.', StringComparison.Ordinal) && PlainDecimal.IsExactDouble(text))
        {
            Put(buffer, 0xcb);
            BinaryPrimitives.WriteDoubleBigEndian(
                buffer.GetSpan(8),
                double.Parse(text, CultureInfo.InvariantCulture)
            );
            buffer.Advance(8);
        }
        else
        {
            WriteText(buffer, text);
        }
    }

    private static void WriteInteger(ArrayBufferWriter<byte> buffer, long integer)
    {
        switch (integer)
        {
            case >= 0 and <= 0x7f:
            case >= -32 and < 0:
                Put(buffer, unchecked((byte)integer));
                break;
            case >= short.MinValue and <= short.MaxValue:
                Put(buffer, 0xd1);
                BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(2), (short)integer);
                buffer.Advance(2);
                break;
            case >= int.MinValue and <= int.MaxValue:
                Put(buffer, 0xd2);
                BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), (int)integer);
                buffer.Advance(4);
                break;
            default:
                Put(buffer, 0xd3);
                BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(8), integer);
                buffer.Advance(8);
                break;
        }
    }

    private static void WriteText(ArrayBufferWriter<byte> buffer, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length is > 31 and <= 255)
        {
            buffer.Write<byte>([0xd9, (byte)length]);
        }
        else
        {
            WriteHeader(buffer, length, 0xa0, 31, 0xda, 0xdb);
        }

        Encoding.UTF8.GetBytes(text, buffer.GetSpan(length));
        buffer.Advance(length);
    }

    private static void WriteHeader(
        ArrayBufferWriter<byte> buffer,
        int count,
        byte small,
        int smallest,
        byte medium,
        byte large
    )
    {
        if (count <= smallest)
        {
            Put(buffer, (byte)(small | count));
        }
        else if (count <= ushort.MaxValue)
        {
            Put(buffer, medium);
            BinaryPrimitives.WriteUInt16BigEndian(buffer.GetSpan(2), (ushort)count);
            buffer.Advance(2);
        }
        else
        {
            Put(buffer, large);
            BinaryPrimitives.WriteUInt32BigEndian(buffer.GetSpan(4), (uint)count);
            buffer.Advance(4);
        }
    }

    private static void Put(ArrayBufferWriter<byte> buffer, byte single)
    {
        buffer.GetSpan(1)[0] = single;
        buffer.Advance(1);
    }
}
