using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness.Simulated;
using Dbaas.Provider.Tests.Pulumi;

namespace Dbaas.EndToEnd.Tests.Generated;

/// <summary>
/// Valid declarations of one database, the same ones for the same seed: each input is left out or has some value that every size and
/// engine here can have, in whatever script and spelling people use.
/// </summary>
internal sealed class DeclarationDraw(int seed)
{
    private static readonly string[] Texts =
    [
        "",
        "shop",
        "Größe 🐘",
        "שלום — 数据库",
        "a\"b\\c",
        "${not.a.reference}",
        "%{ if }",
        "line\nbreak",
        "  spaces  ",
        "null",
        "1e3",
    ];

    private static readonly string[] Networks =
    [
        "10.0.0.0/8",
        "192.0.2.0/24",
        "198.51.100.7/32",
        "0.0.0.0/0",
        "2001:db8::/32",
    ];

    private static readonly string[] Databases = ["app", "reports", "Mixed_Case", "with-hyphen"];
    private static readonly string[] Days = ["monday", "friday", "sunday"];

    // Spellings of values are the point: the service keeps what was declared and compares what it means.
    private static readonly Dictionary<
        string,
        IReadOnlyList<(string Name, string[] Values)>
    > Parameters = new()
    {
        ["postgresql"] =
        [
            ("work_mem", ["4MB", "4096kB", "8192"]),
            ("log_min_duration_statement", ["250ms", "1s", "1000"]),
            ("max_locks_per_transaction", ["96", "128"]),
        ],
        ["mysql"] =
        [
            ("max_execution_time", ["1000", "2000"]),
            ("innodb_lock_wait_timeout", ["20", "30"]),
            ("ft_min_word_len", ["3", "5"]),
        ],
    };

    private readonly Random chance = new(seed);

    /// <summary>A first declaration, or one that the same database can be changed to.</summary>
    public JsonObject Next(string name, string engine, JsonObject? before = null)
    {
        var declared = new JsonObject
        {
            ["name"] = name,
            ["engine"] = engine,
            ["region"] = SimulatedPlatform.Region,
            ["cpu"] = chance.Next(1, 9) / 4.0,
            ["memoryGib"] = chance.Next(4, 9) / 4.0,
            // A volume never shrinks.
            ["storageGib"] = Math.Max((int?)before?["storageGib"] ?? 1, chance.Next(1, 4)),
        };
        Maybe("engineVersion", () => engine == "mysql" ? "9.7" : "18");
        Maybe("allowedCidrs", () => Some(Networks));
        Maybe("databases", () => Some(Databases));
        Maybe("changePolicy", () => One(["immediate", "window"]));
        Maybe("deletionProtection", () => chance.Next(2) == 0);
        Maybe(
            "tags",
            () =>
                new JsonObject(
                    Enumerable
                        .Range(0, chance.Next(4))
                        .Select(n =>
                            KeyValuePair.Create<string, JsonNode?>(
                                string.Create(CultureInfo.InvariantCulture, $"{n}{One(Texts)}"),
                                One(Texts)
                            )
                        )
                )
        );
        Maybe(
            "parameters",
            () =>
                new JsonObject(
                    Parameters[engine]
                        .Where(_ => chance.Next(2) == 0)
                        .Select(one =>
                            KeyValuePair.Create<string, JsonNode?>(one.Name, One(one.Values))
                        )
                )
        );
        Maybe(
            "maintenanceWindow",
            () =>
                new JsonObject
                {
                    ["day"] = One(Days),
                    ["startTime"] = One(["00:00", "03:30"]),
                    ["durationMinutes"] = 30 * chance.Next(2, 7),
                }
        );
        return declared;

        void Maybe(string input, Func<JsonNode> value)
        {
            if (chance.Next(3) > 0)
            {
                declared[input] = value();
            }
        }
    }

    /// <summary>The same with some inputs, or what is in them, marked as Pulumi marks a secret.</summary>
    public JsonObject WithSecrets(JsonObject declared)
    {
        var marked = new JsonObject();
        foreach (var (name, value) in declared)
        {
            marked[name] = chance.Next(4) switch
            {
                0 => PulumiValues.Secret(value!.DeepClone()),
                1 when value is JsonObject members && name != "maintenanceWindow" => new JsonObject(
                    members.Select(member =>
                        KeyValuePair.Create<string, JsonNode?>(
                            member.Key,
                            PulumiValues.Secret(member.Value!.DeepClone())
                        )
                    )
                ),
                _ => value!.DeepClone(),
            };
        }

        return marked;
    }

    private string One(string[] all) => all[chance.Next(all.Length)];

    private JsonArray Some(string[] all)
    {
        var shuffled = all.ToArray();
        chance.Shuffle(shuffled);
        return new JsonArray([
            .. shuffled.Take(chance.Next(all.Length)).Select(one => (JsonNode)one),
        ]);
    }
}
