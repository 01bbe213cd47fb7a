using System.Globalization;
using CsCheck;
using Dbaas.Engines.MySql.Member;

namespace Dbaas.Engines.Tests.MySql.Parameters;

public sealed class MySqlParameterTests
{
    private const long GiB = 1024L * 1024 * 1024;
    private static readonly IDatabaseEngine Engine = DatabaseEngines.Find("mysql")!;
    private static readonly MachineSize Small = new(1, 1 * GiB, 10 * GiB);

    [Theory]
    [InlineData("innodb_buffer_pool_size", "128M", "134217728")]
    [InlineData("innodb_buffer_pool_size", "131072k", "134217728")]
    [InlineData("INNODB-Buffer-Pool-Size", " 134217728 ", "134217728")]
    [InlineData("max_connections", "1K", "1024")]
    [InlineData("innodb_print_all_deadlocks", "true", "ON")]
    [InlineData("innodb_print_all_deadlocks", "0", "OFF")]
    [InlineData("transaction_isolation", "read-committed", "READ-COMMITTED")]
    [InlineData("transaction_isolation", "1", "READ-COMMITTED")]
    [InlineData("sql_mode", "no_zero_date, only_full_group_by", "ONLY_FULL_GROUP_BY,NO_ZERO_DATE")]
    [InlineData("long_query_time", "0.50", "0.5")]
    [InlineData("no_such_thing", "7M", "7M")]
    [InlineData("max_connections", "many", "many")]
    public void Given_a_spelling_when_normalised_then_it_is_what_the_engine_shows(
        string name,
        string spelling,
        string expected
    ) => Assert.Equal(expected, Engine.Normalise("9.7", name, spelling));

    [Theory]
    [InlineData("inodb_buffer_pool_size", "128M", "parameter.unknown", "innodb_buffer_pool_size")]
    [InlineData("max_conections", "100", "parameter.unknown", "max_connections")]
    [InlineData("innodb_buffer_pool_size", "128MB", "parameter.unit", "K, M, G")]
    [InlineData("innodb_buffer_pool_size", "1", "parameter.range", "5242880")]
    [InlineData("innodb_buffer_pool_size", "1G", "parameter.range", "at most 768M")]
    [InlineData("max_connections", "ten", "parameter.type", "1 to 100000")]
    [InlineData("max_connections", "1.5", "parameter.unit", "K, M, G")]
    [InlineData("max_connections", "0", "parameter.range", "1 to 100000")]
    [InlineData("max_connections", "20000", "parameter.range", "1 to 512")]
    [InlineData("transaction_isolation", "snapshot", "parameter.type", "SERIALIZABLE")]
    [InlineData("sql_mode", "STRICT_TRANS_TABLES,LOOSE", "parameter.type", "ANSI_QUOTES")]
    [InlineData("long_query_time", "soon", "parameter.type", "0 to 31536000")]
    [InlineData("ft_boolean_syntax", "a\nsuper_read_only=OFF", "parameter.type", "one line")]
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
    [InlineData("datadir")]
    [InlineData("secure_file_priv")]
    [InlineData("secure-file-priv")]
    [InlineData("local_infile")]
    [InlineData("require_secure_transport")]
    [InlineData("tls_version")]
    [InlineData("super_read_only")]
    [InlineData("group_replication_group_seeds")]
    [InlineData("gtid_mode")]
    [InlineData("sync_binlog")]
    [InlineData("innodb_flush_log_at_trx_commit")]
    [InlineData("skip_grant_tables")]
    [InlineData("init_connect")]
    [InlineData("plugin_load_add")]
    [InlineData("plugin_dir")]
    [InlineData("partial_revokes")]
    [InlineData("log_raw")]
    [InlineData("version")]
    [InlineData("hostname")]
    public void Given_a_parameter_of_the_platform_when_set_then_it_is_refused_with_the_reason(
        string name
    )
    {
        var problem = Assert.Single(Validate((name, "1")));

        Assert.Equal("parameter.managed", problem.Code);
        Assert.True(problem.Message.Length > 20, problem.Message);
    }

    [Fact]
    public void Given_two_spellings_of_one_name_when_validated_then_one_is_refused() =>
        Assert.Single(Validate(("sort_buffer_size", "1M"), ("SORT-BUFFER-SIZE", "2M")));

    [Fact]
    public void Given_parameters_of_a_user_when_made_effective_then_they_win_over_the_size_and_lose_to_the_platform()
    {
        var settings = Engine.EffectiveSettings(
            "9.7.4",
            Small,
            new Dictionary<string, string> { ["Max-Connections"] = "70", ["sync_binlog"] = "0" }
        );

        Assert.Equal("70", settings["max_connections"]);
        Assert.Equal("1", settings["sync_binlog"]);
        Assert.False(settings.ContainsKey("Max-Connections"));
    }

    [Fact]
    public void Given_any_size_when_derived_then_the_settings_pass_their_own_validation_and_a_machine_grows_live() =>
        Gen.Select(Gen.Double[0.25, 64], Gen.Long[1 * GiB, 1024 * GiB], Gen.Long[1, 65536])
            .Sample(
                (cpu, memory, storage) =>
                {
                    var size = new MachineSize(cpu, memory, storage * GiB);
                    var derived = Engine.DeriveSettings("9.7", size);
                    var small = Engine.DeriveSettings("9.7", Small);
                    var catalogue = Engine.Catalogue("9.7").Parameters;
                    var users = derived.Where(pair => !catalogue[pair.Key].Managed).ToDictionary();
                    var problems = Engine.ValidateParameters("9.7", size, users);
                    Assert.True(problems.Count == 0, string.Join("; ", problems));
                    foreach (var (name, value) in derived)
                    {
                        Assert.Equal(value, Engine.Normalise("9.7", name, value));
                        Assert.True(
                            !catalogue[name].RestartRequired || small[name] == value,
                            $"{name} differs between sizes and needs a restart"
                        );
                    }
                }
            );

    [Fact]
    public void Given_any_text_when_validated_then_it_is_answered_and_never_thrown() =>
        Gen.Select(Gen.OneOfConst([.. Engine.Catalogue("9.7").Parameters.Keys]), Gen.String)
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
    public void Given_any_accepted_value_when_normalised_twice_then_nothing_changes() =>
        Gen.Select(
                Gen.OneOfConst([.. Engine.Catalogue("9.7").Parameters.Values]),
                Gen.Double[0, 1e7],
                Gen.OneOfConst("", "K", "M", "g")
            )
            .Sample(
                (parameter, number, unit) =>
                {
                    var text = number.ToString("0", CultureInfo.InvariantCulture) + unit;
                    var once = Engine.Normalise("9.7", parameter.Name, text);
                    Assert.Equal(once, Engine.Normalise("9.7", parameter.Name, once));
                }
            );

    [Theory]
    [InlineData("", "\"\"")]
    [InlineData("/data/mysql", "\"/data/mysql\"")]
    [InlineData("NULL", "NULL")]
    [InlineData("a\\b # c", "\"a\\\\b # c\"")]
    public void Given_a_value_when_written_into_the_option_file_then_the_server_reads_it_whole(
        string value,
        string expected
    ) => Assert.Equal(expected, OptionFile.Quoted(value));

    // Test vector: openssl passwd -5 -salt saltstring "Hello world!".
    [Fact]
    public void Given_a_published_vector_when_a_verifier_is_made_then_it_agrees() =>
        Assert.Equal(
            "$A$005$saltstring5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
            System.Text.Encoding.ASCII.GetString(
                PasswordVerifier.Make("Hello world!", "saltstring"u8)
            )
        );

    private static IReadOnlyList<ParameterProblem> Validate(
        params (string Name, string Value)[] parameters
    ) =>
        Engine.ValidateParameters(
            "9.7",
            Small,
            parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)
        );
}
