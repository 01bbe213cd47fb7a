using System.Globalization;
using CsCheck;

namespace Dbaas.Engines.Tests.PostgreSql.Parameters;

public sealed class ParameterValidationTests
{
    private const long GiB = 1024L * 1024 * 1024;
    private static readonly IDatabaseEngine Engine = DatabaseEngines.Find("postgresql")!;
    private static readonly MachineSize Small = new(1, 1 * GiB, 10 * GiB);

    [Theory]
    [InlineData("work_mem", "7MB", "7168")]
    [InlineData("work_mem", "7168kB", "7168")]
    [InlineData("work_mem", " 7 MB ", "7168")]
    [InlineData("WORK_MEM", "0x1C00", "7168")]
    [InlineData("shared_buffers", "128MB", "16384")]
    [InlineData("statement_timeout", "1.5min", "90000")]
    [InlineData("checkpoint_timeout", "1h", "3600")]
    [InlineData("autovacuum", "YES", "on")]
    [InlineData("autovacuum", "of", "off")]
    [InlineData("synchronous_commit", "true", "on")]
    [InlineData("default_transaction_isolation", "Read Committed", "read committed")]
    [InlineData("random_page_cost", "1.10", "1.1")]
    [InlineData("random_page_cost", "11e-1", "1.1")]
    [InlineData("max_connections", "1e2", "100")]
    [InlineData("no_such_thing", "7MB", "7MB")]
    [InlineData("work_mem", "many", "many")]
    public void Given_a_spelling_when_normalised_then_it_is_what_the_engine_shows(
        string name,
        string spelling,
        string expected
    ) => Assert.Equal(expected, Engine.Normalise("18", name, spelling));

    [Theory]
    [InlineData("shared_bufers", "128MB", "parameter.unknown", "shared_buffers")]
    [InlineData("wrok_mem", "4MB", "parameter.unknown", "work_mem")]
    [InlineData("work_mem", "128XB", "parameter.unit", "kB")]
    [InlineData("work_mem", "128mb", "parameter.unit", "MB")]
    [InlineData("work_mem", "-1", "parameter.range", "64 to 2147483647")]
    [InlineData("max_connections", "10MB", "parameter.unit", "1 to 262143")]
    [InlineData("max_connections", "0", "parameter.range", "1 to 262143")]
    [InlineData("max_connections", "ten", "parameter.type", "1 to 262143")]
    [InlineData("max_connections", "010", "parameter.type", "1 to 262143")]
    [InlineData("max_connections", "", "parameter.type", "1 to 262143")]
    [InlineData("max_connections", "NaN", "parameter.type", "1 to 262143")]
    [InlineData("max_connections", "99999999999999999999999", "parameter.range", "1 to 262143")]
    [InlineData("max_connections", "100000", "parameter.range", "1 to 512")]
    [InlineData("shared_buffers", "1TB", "parameter.range", "at most 512MB")]
    [InlineData("max_wal_size", "9GB", "parameter.range", "at most 5GB")]
    [InlineData("autovacuum", "o", "parameter.type", "on or off")]
    [InlineData("wal_compression", "brotli", "parameter.type", "pglz")]
    [InlineData("search_path", "a\nfsync = off", "parameter.type", "one line")]
    [InlineData("max_locks_per_transaction", "100000", "parameter.range", "product")]
    [InlineData(
        "superuser_reserved_connections",
        "200",
        "parameter.range",
        "max_connections above"
    )]
    [InlineData("min_wal_size", "2GB", "parameter.range", "at most 1024MB")]
    public void Given_a_wrong_value_when_validated_then_the_refusal_says_what_is_allowed(
        string name,
        string value,
        string code,
        string allowed
    )
    {
        var problem = Assert.Single(Validate((name, value)));

        Assert.Equal(name, problem.Name);
        Assert.Equal(code, problem.Code);
        Assert.Contains(allowed, problem.Allowed, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Message);
    }

    [Theory]
    [InlineData("archive_command", "rm -rf /")]
    [InlineData("data_directory", "/etc")]
    [InlineData("ssl", "off")]
    [InlineData("SSL_ciphers", "NULL")]
    [InlineData("fsync", "off")]
    [InlineData("full_page_writes", "off")]
    [InlineData("hba_file", "/tmp/x")]
    [InlineData("local_preload_libraries", "x")]
    [InlineData("shared_preload_libraries", "x")]
    [InlineData("session_preload_libraries", "x")]
    [InlineData("listen_addresses", "*")]
    [InlineData("port", "1")]
    [InlineData("unix_socket_directories", "/tmp")]
    [InlineData("password_encryption", "md5")]
    [InlineData("wal_level", "minimal")]
    [InlineData("pre_auth_delay", "60")]
    [InlineData("post_auth_delay", "60")]
    [InlineData("server_version", "1")]
    [InlineData("block_size", "1")]
    public void Given_a_parameter_of_the_platform_when_set_then_it_is_refused_with_the_reason(
        string name,
        string value
    )
    {
        var problem = Assert.Single(Validate((name, value)));

        Assert.Equal("parameter.managed", problem.Code);
        Assert.True(problem.Message.Length > 20, problem.Message);
    }

    [Fact]
    public void Given_two_spellings_of_one_name_when_validated_then_one_is_refused() =>
        Assert.Single(Validate(("work_mem", "4MB"), ("WORK_MEM", "8MB")));

    [Fact]
    public void Given_parameters_of_a_user_when_made_effective_then_they_win_over_the_size_and_lose_to_the_platform()
    {
        var settings = Engine.EffectiveSettings(
            "18.1",
            Small,
            new Dictionary<string, string> { ["Work_Mem"] = "7MB", ["fsync"] = "off" }
        );

        Assert.Equal("7168", settings["work_mem"]);
        Assert.Equal("on", settings["fsync"]);
        Assert.False(settings.ContainsKey("Work_Mem"));
    }

    [Theory]
    [InlineData("18")]
    [InlineData("17")]
    public void Given_a_major_when_made_effective_then_every_setting_is_one_it_knows(
        string version
    ) =>
        Assert.All(
            Engine.EffectiveSettings(version, Small, new Dictionary<string, string>()).Keys,
            name => Assert.True(Engine.Catalogue(version).Parameters.ContainsKey(name), name)
        );

    [Fact]
    public void Given_a_parameter_of_the_newest_major_only_when_set_on_the_older_then_it_is_unknown_there()
    {
        var users = new Dictionary<string, string> { ["log_lock_failures"] = "on" };

        Assert.Empty(Engine.ValidateParameters("18", Small, users));
        var problem = Assert.Single(Engine.ValidateParameters("17", Small, users));
        Assert.Equal("parameter.unknown", problem.Code);
        Assert.Contains("PostgreSQL 17", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_any_size_when_derived_then_the_settings_pass_their_own_validation() =>
        Gen.Select(Gen.Double[0.25, 64], Gen.Long[512 * GiB / 1024, 1024 * GiB], Gen.Long[1, 65536])
            .Sample(
                (cpu, memory, storage) =>
                {
                    var size = new MachineSize(cpu, memory, storage * GiB);
                    var derived = Engine.DeriveSettings("18", size);
                    var users = derived
                        .Where(pair => !Engine.Catalogue("18").Parameters[pair.Key].Managed)
                        .ToDictionary();
                    var problems = Engine.ValidateParameters("18", size, users);
                    Assert.True(problems.Count == 0, string.Join("; ", problems));
                    foreach (var (name, value) in derived)
                    {
                        Assert.Equal(value, Engine.Normalise("18", name, value));
                    }
                }
            );

    [Fact]
    public void Given_any_accepted_value_when_normalised_twice_then_nothing_changes() =>
        Gen.Select(
                Gen.OneOfConst([.. Engine.Catalogue("18").Parameters.Values]),
                Gen.Double[0, 1e7],
                Gen.OneOfConst("", "kB", "MB", "GB", "ms", "s", "min", " d")
            )
            .Sample(
                (parameter, number, unit) =>
                {
                    var text = number.ToString("0.###", CultureInfo.InvariantCulture) + unit;
                    var once = Engine.Normalise("18", parameter.Name, text);
                    Assert.Equal(once, Engine.Normalise("18", parameter.Name, once));
                }
            );

    [Fact]
    public void Given_any_text_when_validated_then_it_is_answered_and_never_thrown() =>
        Gen.Select(Gen.OneOfConst([.. Engine.Catalogue("18").Parameters.Keys]), Gen.String)
            .Sample(
                (name, text) =>
                {
                    foreach (var problem in Validate((name, text)))
                    {
                        Assert.StartsWith("parameter.", problem.Code, StringComparison.Ordinal);
                        Assert.NotEmpty(problem.Allowed);
                    }
                }
            );

    [Fact]
    public void Given_any_memory_value_when_written_in_two_units_then_both_are_one() =>
        Gen.Int[1, 2000]
            .Sample(megabytes =>
                Assert.Equal(
                    Engine.Normalise("18", "work_mem", $"{megabytes}MB"),
                    Engine.Normalise("18", "work_mem", $"{megabytes * 1024}kB")
                )
            );

    private static IReadOnlyList<ParameterProblem> Validate(
        params (string Name, string Value)[] parameters
    ) =>
        Engine.ValidateParameters(
            "18",
            Small,
            parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
        );
}
