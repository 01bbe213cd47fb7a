using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbaas.Control.Tests.Fuzz;

/// <summary>Draws values for schemas: such as fit, and such as nobody should send. Every text that is no name carries a secret.</summary>
internal sealed class ValueGenerator(ApiContract contract, Random random, FuzzWorld world)
{
    private static readonly string[] s_nasty =
    [
        "",
        " ",
        "\n",
        "'; DROP TABLE tenant; --",
        "\" OR 1=1",
        "$(id)",
        "{{7*7}}",
        "%s%n",
        "../../etc/passwd",
        "\u202e\u200b",
        "\u0430dmin",
        "caf\u00e9",
        "\ud83d\ude00",
        "\ufffd\uffff",
        "-1",
        "1e999",
        "NaN",
        "null",
        "true",
        "2026-01-01T00:00:00",
    ];

    private static readonly string[] s_numbers =
    [
        "0",
        "-0",
        "-1",
        "1",
        "1.5",
        "1e2",
        "1e400",
        "0.1",
        "65536",
        "2147483647",
        "2147483648",
        "9007199254740993",
        "9223372036854775808",
        "-9223372036854775809",
        "123456789012345678901234567890",
    ];

    /// <summary>Names of members the pools know better than a schema does.</summary>
    public string Text(string name, JsonNode schema, bool valid)
    {
        if (!valid)
        {
            return random.Next(4) switch
            {
                0 => new string((char)random.Next('!', 'z'), random.Next(1, 300)),
                1 => FuzzWorld.Canary(random),
                _ => s_nasty[random.Next(s_nasty.Length)],
            };
        }

        if (schema["enum"] is JsonArray values && values.Count > 0)
        {
            return (string?)values[random.Next(values.Count)] ?? "";
        }

        return world.Known(name, random) ?? FuzzWorld.Canary(random);
    }

    /// <summary>JSON text, so that numbers no library writes can be drawn.</summary>
    public string Json(string name, JsonNode schema, double wrong, int depth = 0)
    {
        schema = contract.Resolve(schema);
        if (random.NextDouble() < wrong)
        {
            return Wrong(name, schema, depth);
        }

        if (schema["oneOf"] is JsonArray choices)
        {
            return Json(name, choices[random.Next(choices.Count)]!, wrong, depth);
        }

        var types = schema["type"] switch
        {
            JsonArray several => several.Select(type => (string)type!).ToArray(),
            JsonValue one => [(string)one!],
            _ => ["object"],
        };
        // Optional members are mostly there when they are drawn at all.
        var type =
            types.Length > 1 && random.Next(8) > 0
                ? types.First(t => t != "null")
                : types[random.Next(types.Length)];
        return type switch
        {
            "null" => "null",
            "boolean" => random.Next(2) == 0 ? "true" : "false",
            "integer" => random
                .Next(Bound(schema, "minimum", 0), Bound(schema, "maximum", 100))
                .ToString(CultureInfo.InvariantCulture),
            "number" => Math.Round(random.NextDouble() * 4 + 0.25, 2)
                .ToString(CultureInfo.InvariantCulture),
            "array" =>
                $"[{string.Join(',', Enumerable.Range(0, random.Next(3)).Select(_ => Json(name, schema["items"]!, wrong, depth + 1)))}]",
            "string" => Quoted(Text(name, schema, valid: true)),
            _ => Object(name, schema, wrong, depth),
        };
    }

    private string Object(string name, JsonNode schema, double wrong, int depth)
    {
        var members = new List<string>();
        if (name == "inputs")
        {
            // A plan's inputs are free JSON in the document; they are an instance's.
            schema = contract.Resolve(
                JsonNode.Parse("""{"$ref":"#/components/schemas/InstanceInputs"}""")!
            );
        }

        foreach (var (member, value) in schema["properties"]?.AsObject() ?? [])
        {
            var required = schema["required"]?.AsArray().Any(one => (string?)one == member) == true;
            if (required ? random.NextDouble() >= wrong : random.Next(2) == 0)
            {
                members.Add($"{Quoted(member)}:{Json(member, value!, wrong, depth + 1)}");
            }
        }

        if (schema["additionalProperties"] is JsonObject free)
        {
            for (var i = random.Next(3); i > 0; i--)
            {
                members.Add(
                    $"{Quoted(world.Known(name + ".key", random) ?? "key" + i)}:{Json(name, free, wrong, depth + 1)}"
                );
            }
        }

        if (random.NextDouble() < wrong)
        {
            members.Add(
                $"{Quoted(s_nasty[random.Next(s_nasty.Length)])}:{Quoted(FuzzWorld.Canary(random))}"
            );
        }

        if (members.Count > 0 && random.NextDouble() < wrong / 4)
        {
            members.Add(members[0]);
        }

        return $"{{{string.Join(',', members)}}}";
    }

    private string Wrong(string name, JsonNode schema, int depth) =>
        random.Next(8) switch
        {
            0 => "null",
            1 => random.Next(2) == 0 ? "true" : "false",
            2 or 3 => s_numbers[random.Next(s_numbers.Length)],
            4 => Quoted(Text(name, schema, valid: false)),
            5 => new string('[', random.Next(1, 50)) is var open
                ? open + new string(']', open.Length)
                : "",
            6 when depth < 3 => $"{{{Quoted(name)}:{Json(name, schema, 0.5, depth + 1)}}}",
            _ => Quoted(FuzzWorld.Canary(random)),
        };

    private static int Bound(JsonNode schema, string name, int otherwise) =>
        schema[name] is { } bound
        && decimal.TryParse(bound.ToString(), CultureInfo.InvariantCulture, out var number)
            ? (int)Math.Clamp(number, 0, 100)
            : otherwise;

    private static string Quoted(string text) => JsonValue.Create(text).ToJsonString();
}
