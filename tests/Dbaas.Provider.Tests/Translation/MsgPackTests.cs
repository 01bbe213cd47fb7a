using System.Globalization;
using CsCheck;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Tests.Translation;

public sealed class MsgPackTests
{
    private static readonly Gen<Value> Scalar = Gen.OneOf(
        Gen.String.Select(text => (Value)new Value.Text(text)),
        Gen.Const(Value.Null),
        Gen.Const((Value)Value.Unknown.Plain)
    );

    [Fact]
    public void Given_any_integer_when_written_and_read_then_it_is_the_same() =>
        Gen.OneOf(
                Gen.Long,
                Gen.Int.Select(small => (long)small),
                Gen.SByte.Select(tiny => (long)tiny)
            )
            .Sample(number =>
                AssertRound(
                    ValueShape.Number,
                    new Value.Number(number.ToString(CultureInfo.InvariantCulture))
                )
            );

    [Fact]
    public void Given_any_decimal_when_written_and_read_then_no_digit_is_lost() =>
        Gen.Decimal.Sample(number =>
            AssertRound(
                ValueShape.Number,
                new Value.Number(number.ToString(CultureInfo.InvariantCulture))
            )
        );

    [Fact]
    public void Given_any_list_and_map_when_written_and_read_then_null_and_unknown_stay_apart()
    {
        Scalar
            .List[0, 40]
            .Sample(items =>
                AssertRound(new ValueShape.List(ValueShape.Text, false), new Value.List(items))
            );
        Gen.Dictionary(Gen.String, Scalar)[0, 20]
            .Sample(members =>
                AssertRound(new ValueShape.Map(ValueShape.Text), Value.Object(members))
            );
    }

    [Theory]
    [InlineData("d40000", "unknown")]
    [InlineData("c7030c8101c2", "unknown")]
    [InlineData("c7090c8201c202a47072652d", "unknown")]
    [InlineData("c0", "null")]
    [InlineData("a3616263", "text")]
    public void Given_what_the_host_writes_when_read_then_it_is_understood(string hex, string kind)
    {
        var value = MsgPackReader.Read(ValueShape.Text, Convert.FromHexString(hex));
        Assert.Equal(
            kind,
            value.IsUnknown ? "unknown"
                : value.IsNull ? "null"
                : "text"
        );
    }

    [Fact]
    public void Given_any_bytes_when_read_then_they_are_refused_or_read_and_nothing_else_happens() =>
        Gen
            .Byte.Array[1, 60]
            .Sample(bytes =>
            {
                try
                {
                    _ = MsgPackReader.Read(
                        new ValueShape.Map(new ValueShape.List(ValueShape.Number, false)),
                        bytes
                    );
                }
                catch (Exception error) when (error is InvalidDataException or FormatException)
                {
                    // A clear refusal; anything else would have failed the test.
                }
            });

    [Fact]
    public void Given_an_object_with_a_missing_attribute_when_written_then_it_is_written_as_null()
    {
        var shape = new ValueShape.Object(
            new(StringComparer.Ordinal) { ["a"] = ValueShape.Text, ["b"] = ValueShape.Bool }
        );
        var written = MsgPackWriter.Write(
            shape,
            Value.Object([KeyValuePair.Create("b", (Value)new Value.Bool(true))])
        );
        Assert.Equal("82a161c0a162c3", Convert.ToHexStringLower(written));
    }

    [Theory]
    [InlineData("1.50e1", "15")]
    [InlineData("-0.0", "0")]
    [InlineData("1e-3", "0.001")]
    [InlineData("00012.3400", "12.34")]
    public void Given_a_number_when_normalised_then_it_is_plain(string text, string plain) =>
        Assert.Equal(plain, PlainDecimal.Normalise(text));

    private static void AssertRound(ValueShape shape, Value value) =>
        Assert.Equal(value, MsgPackReader.Read(shape, MsgPackWriter.Write(shape, value)));
}
