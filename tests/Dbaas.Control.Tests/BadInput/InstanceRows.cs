namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 26 to 43 and 56 to 60 of the catalogue.</summary>
internal static class InstanceRows
{
    private const string NameCode = "instance.name_invalid";
    private const string NamePattern = "^[a-z]";
    private const string Cidr = "instance.cidr_invalid";
    private const string Database = "instance.database_invalid";
    private const string Postgres = "postgresql";
    private const string MySql = "mysql";

    public static readonly InstanceRow[] All =
    [
        Name("26 empty", "\"\""),
        Name("26 blank", "\" \""),
        Name("26 long", $"\"{new string('a', 64)}\""),
        Name("27 upper case", "\"Orders\""),
        Name("27 digit", "\"1orders\""),
        Name("27 hyphen first", "\"-orders\""),
        Name("27 hyphen last", "\"orders-\""),
        Name("27 two hyphens", "\"a--b\""),
        Name("27 dot", "\"a.b\""),
        Name("27 slash", "\"a/b\""),
        Name("27 underscore", "\"a_b\""),
        Name("27 line feed", "\"orders\\n\""),
        Name("30 SQL", "\"x\\\"; DROP DATABASE y;--\""),
        Name("30 backtick", "\"`id`\""),
        Name("30 format", "\"%s\""),
        Name("30 template", "\"{{7*7}}\""),
        Name("31 homoglyph", "\"\u0430dmin\""),
        Name("31 override", "\"a\u202eb\""),
        Reserved("postgres"),
        Reserved("template0"),
        Reserved("template1"),
        Reserved("mysql"),
        Reserved("sys"),
        Reserved("information-schema"),
        Reserved("performance-schema"),
        Reserved("rdsadmin"),
        new(
            "36 engine",
            "",
            "engine",
            "\"mariadb\"",
            "instance.engine_unknown",
            "/engine",
            Postgres
        ),
        Version("36 latest", "", "latest"),
        Version("36 unknown", "", "99"),
        Version("63 leading zero", "", "018"),
        Version("36 end of life", Postgres, "9.6"),
        Version("36 end of life", MySql, "5.7"),
        new(
            "36 minor",
            Postgres,
            "engineVersion",
            "\"18.99\"",
            "instance.minor_unavailable",
            "/engineVersion",
            "18, up to"
        ),
        new(
            "36 minor",
            MySql,
            "engineVersion",
            "\"9.7.99\"",
            "instance.minor_unavailable",
            "/engineVersion",
            "9.7, up to"
        ),
        new("49 region", "", "region", "\"mars\"", "instance.region_unknown", "/region", "test-a"),
        Range("39 no cores", "cpu", "0", "instance.cpu_range", "0.25 to 64"),
        Range("39 many cores", "cpu", "65", "instance.cpu_range", "0.25 to 64"),
        Range("39 no memory", "memoryGib", "0", "instance.memory_range", "to 1024"),
        Range("39 much memory", "memoryGib", "1025", "instance.memory_range", "to 1024"),
        Range(
            "40 less than the engine needs",
            "memoryGib",
            "0.25",
            "instance.memory_range",
            "to 1024"
        ),
        Range("39 no storage", "storageGib", "0", "instance.storage_range", "1 to 65536"),
        Range("39 negative storage", "storageGib", "-1", "instance.storage_range", "1 to 65536"),
        Range("39 much storage", "storageGib", "65537", "instance.storage_range", "1 to 65536"),
        new(
            "56 unknown key",
            "",
            "kmsKeyId",
            "\"canary-7f3a91\"",
            "instance.key_unknown",
            "/kmsKeyId",
            "default"
        ),
        Network("60 host bits", "10.0.0.1/8"),
        Network("60 mapped", "::ffff:1.2.3.4/128"),
        Network("60 no address", "300.1.1.1/8"),
        Network("60 no length", "10.0.0.0"),
        Network("60 short", "10/8"),
        Network("60 long prefix", "10.0.0.0/33"),
        Network("60 zone", "fe80::%eth0/64"),
        new(
            "60 twice",
            "",
            "allowedCidrs",
            "[\"10.0.0.0/8\",\"10.0.0.0/8\"]",
            Cidr,
            "/allowedCidrs/1"
        ),
        new(
            "60 many",
            "",
            "allowedCidrs",
            Many(101, i => $"\"10.{i}.0.0/16\""),
            Cidr,
            "/allowedCidrs",
            "at most 100"
        ),
        Named("26 empty", "\"\""),
        Named("26 blank", "\" \""),
        Named("32 bytes", $"\"{new string('\u8a9e', 22)}\""),
        Named("26 long", $"\"{new string('a', 64)}\""),
        Named("30 SQL", "\"x\\\"; DROP DATABASE y;--\""),
        Named("30 backtick", "\"`id`\""),
        Named("30 shell", "\"$(id)\""),
        Named("30 line feed", "\"a\\n\""),
        Named("31 homoglyph", "\"\u0430dmin\""),
        Named("31 override", "\"a\u202eb\""),
        Named("31 zero width", "\"a\u200bb\""),
        Named("31 composed", "\"caf\u00e9\""),
        Named("31 decomposed", "\"cafe\u0301\""),
        Named("28 reserved", "\"template1\"", Postgres),
        Named("28 reserved", "\"pg_canary\"", Postgres),
        Named("28 reserved", "\"performance_schema\"", MySql),
        new("31 twice", "", "databases", "[\"a\",\"a\"]", Database, "/databases/1"),
        new(
            "31 many",
            "",
            "databases",
            Many(201, i => $"\"d{i}\""),
            Database,
            "/databases",
            "at most 200"
        ),
        Window("50 day", """{"day":"someday","startTime":"03:00"}""", "day", "monday"),
        Window("50 time", """{"day":"monday","startTime":"25:00"}""", "startTime", "HH:MM"),
        Window(
            "50 short",
            """{"day":"monday","startTime":"03:00","durationMinutes":29}""",
            "durationMinutes",
            "30 to 1440"
        ),
        Window(
            "50 long",
            """{"day":"monday","startTime":"03:00","durationMinutes":1441}""",
            "durationMinutes",
            "30 to 1440"
        ),
        new(
            "45 policy",
            "",
            "changePolicy",
            "\"canary-7f3a91\"",
            "instance.change_policy_unknown",
            "/changePolicy",
            "immediate, window"
        ),
        Tag("35 reserved", """{"aws:x":"canary-7f3a91"}""", "/tags/aws:x"),
        Tag("35 reserved", """{"dbaas:x":"canary-7f3a91"}""", "/tags/dbaas:x"),
        Tag("35 long value", $"{{\"k\":\"{new string('v', 257)}\"}}", "/tags/k"),
        Tag("35 many", Map(51, i => $"\"k{i}\":\"v\""), "/tags"),
        Parameter(
            "41 misspelt",
            Postgres,
            "shared_bufers",
            "1GB",
            "parameter.unknown",
            "shared_buffers"
        ),
        Parameter(
            "41 misspelt",
            MySql,
            "max_conections",
            "100",
            "parameter.unknown",
            "max_connections"
        ),
        Managed(Postgres, "archive_command"),
        Managed(Postgres, "data_directory"),
        Managed(Postgres, "ssl"),
        Managed(Postgres, "fsync"),
        Managed(Postgres, "hba_file"),
        Managed(Postgres, "local_preload_libraries"),
        Managed(MySql, "secure_file_priv"),
        Managed(MySql, "skip_grant_tables"),
        Parameter("43 unit", Postgres, "work_mem", "128XB", "parameter.unit", "kB"),
        Parameter("43 no number", Postgres, "work_mem", "canary-7f3a91", "parameter.type", "kB"),
        Parameter("43 below", Postgres, "work_mem", "-1", "parameter.range", "kB"),
        Parameter("43 above", Postgres, "shared_buffers", "1TB", "parameter.range", ""),
        Parameter("40 memory", Postgres, "shared_buffers", "1500MB", "parameter.range", "at most"),
        Parameter("43 switch", Postgres, "jit", "canary-7f3a91", "parameter.type", "on or off"),
        Parameter("43 no number", MySql, "max_connections", "canary-7f3a91", "parameter.type", ""),
        Parameter("43 below", MySql, "max_connections", "0", "parameter.range", "1"),
        new(
            "41 many",
            "",
            "parameters",
            Map(201, i => $"\"p{i}\":\"1\""),
            "instance.parameter_invalid",
            "/parameters",
            "at most 200"
        ),
    ];

    private static InstanceRow Name(string row, string json) =>
        new(row, "", "name", json, NameCode, "/name", NamePattern);

    private static InstanceRow Reserved(string name) =>
        new("28 " + name, "", "name", $"\"{name}\"", "instance.name_reserved", "/name");

    private static InstanceRow Version(string row, string engine, string version) =>
        new(
            row,
            engine,
            "engineVersion",
            $"\"{version}\"",
            "instance.version_unknown",
            "/engineVersion"
        );

    private static InstanceRow Range(
        string row,
        string member,
        string json,
        string code,
        string allowed
    ) => new(row, "", member, json, code, "/" + member, allowed);

    private static InstanceRow Network(string row, string network) =>
        new(row, "", "allowedCidrs", $"[\"{network}\"]", Cidr, "/allowedCidrs/0", "10.1.0.0/16");

    private static InstanceRow Named(string row, string json, string engine = "") =>
        new(row, engine, "databases", $"[{json}]", Database, "/databases/0");

    private static InstanceRow Window(string row, string json, string part, string allowed) =>
        new(
            row,
            "",
            "maintenanceWindow",
            json,
            "instance.window_invalid",
            "/maintenanceWindow/" + part,
            allowed
        );

    private static InstanceRow Tag(string row, string json, string pointer) =>
        new(row, "", "tags", json, "instance.tag_invalid", pointer);

    private static InstanceRow Managed(string engine, string name) =>
        Parameter("42 managed", engine, name, "canary-7f3a91", "parameter.managed", "leave it out");

    private static InstanceRow Parameter(
        string row,
        string engine,
        string name,
        string value,
        string code,
        string allowed
    ) =>
        new(
            row,
            engine,
            "parameters",
            $"{{\"{name}\":\"{value}\"}}",
            code,
            "/parameters/" + name,
            allowed
        );

    private static string Many(int count, Func<int, string> item) =>
        $"[{string.Join(',', Enumerable.Range(0, count).Select(item))}]";

    private static string Map(int count, Func<int, string> member) =>
        $"{{{string.Join(',', Enumerable.Range(0, count).Select(member))}}}";
}
