using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

/// <summary>Wrong configurations fail before anything is touched, at the line of the attribute, with what would be right.</summary>
public sealed class WrongConfigurationTests
{
    /// <summary>Attribute line, and what the answer must mention. All in one run: each is a resource of its own.</summary>
    private static readonly (string Line, string Attribute, string Mentions)[] SeenByTheSchema =
    [
        ("name = \"Orders\"", "name", "lower-case"),
        ("name = \"1orders\"", "name", "starting with a letter"),
        ("name = \"orders--1\"", "name", "single hyphens"),
        ("name = \"orders-\"", "name", "single hyphens"),
        ("name = \"\"", "name", "1 to 63"),
        ("engine = \"oracle\"", "engine", "postgresql"),
        ("cpu = 0.1", "cpu", "0.25 to 64 cores"),
        ("cpu = 65", "cpu", "0.25 to 64 cores"),
        ("memory_gib = 0", "memory_gib", "0.25 to 1024 GiB"),
        ("memory_gib = 0.1", "memory_gib", "the engine's minimum"),
        ("memory_gib = 2000", "memory_gib", "0.25 to 1024 GiB"),
        ("storage_gib = 0", "storage_gib", "1 to 65536 GiB"),
        ("storage_gib = 10.5", "storage_gib", "whole numbers"),
        ("storage_gib = -1", "storage_gib", "1 to 65536 GiB"),
        ("engine_version = \"latest\"", "engine_version", "18"),
        ("allowed_cidrs = [\"10.0.0.0\"]", "allowed_cidrs", "CIDR"),
        ("allowed_cidrs = [\"10.0.0.300/8\"]", "allowed_cidrs", "CIDR"),
        ("databases = [\"or ders\"]", "databases", "letters"),
        ("change_policy = \"later\"", "change_policy", "immediate, window"),
        (
            "maintenance_window = { day = \"someday\", start_time = \"03:00\" }",
            "maintenance_window",
            "sunday"
        ),
        (
            "maintenance_window = { day = \"sunday\", start_time = \"25:00\" }",
            "maintenance_window",
            "HH:MM"
        ),
        (
            "maintenance_window = { day = \"sunday\", start_time = \"03:00\", duration_minutes = 5 }",
            "maintenance_window",
            "30 to 1440 minutes"
        ),
        ("timeouts = { create = \"soon\" }", "timeouts", "45m"),
    ];

    private static readonly (string Line, string Attribute, string Mentions)[] SeenByTheService =
    [
        ("memory_gib = 0.25", "memory_gib", "0.5 or more"),
        ("parameters = { wrok_mem = \"7MB\" }", "parameters", "work_mem"),
        ("region = \"mars\"", "region", "local-a, local-b"),
        ("engine_version = \"99\"", "engine_version", "18"),
        ("storage_gib = 5000", "storage_gib", "1 to 1000"),
        ("kms_key_id = \"nokey\"", "kms_key_id", "no such key"),
    ];

    [Fact]
    public async Task Given_configurations_that_break_the_schema_when_validated_then_each_fails_at_its_attribute()
    {
        using var folder = new TerraformFolder(control: null, Configuration(SeenByTheSchema));
        var result = await folder.RunAsync("validate", "-json");
        AssertAll(SeenByTheSchema, JsonNode.Parse(result.Output)!["diagnostics"]!.AsArray());
    }

    [Fact]
    public async Task Given_configurations_the_service_refuses_when_planned_then_each_fails_at_its_attribute()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(control, Configuration(SeenByTheService));
        var result = await folder.RunAsync("plan", "-json");
        var diagnostics = result
            .Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!["diagnostic"]?.DeepClone())
            .Where(diagnostic => diagnostic is not null);
        AssertAll(SeenByTheService, new JsonArray([.. diagnostics]));
        Assert.Empty(control.Instances);
    }

    [Fact]
    public async Task Given_no_api_key_when_planned_then_the_provider_says_how_to_set_it()
    {
        using var folder = new TerraformFolder(control: null, Configuration([("cpu = 1", "", "")]));
        folder.Variables["DBAAS_ENDPOINT"] = "https://127.0.0.1:1";
        var result = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("DBAAS_API_KEY", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_an_authority_that_did_not_sign_when_planned_then_the_certificate_is_refused_in_clear_words()
    {
        await using var control = await FakeControl.StartAsync();
        await using var other = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(control, Configuration([("cpu = 1", "", "")]));
        folder.Variables["DBAAS_CA_FILE"] = other.CaFile;
        var result = await folder.RunAsync("plan", "-no-color");
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains(
            "not trusted",
            result.Output.ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
        Assert.Empty(control.Requests);
    }

    private static string Configuration((string Line, string Attribute, string Mentions)[] cases) =>
        string.Join(
            '\n',
            cases.Select(
                (wrong, index) =>
                {
                    var name = wrong.Attribute == "name" ? "" : $"  name = \"case-{index}\"\n";
                    var engine = wrong.Attribute == "engine" ? "" : "  engine = \"postgresql\"\n";
                    return $"resource \"dbaas_database_instance\" \"case_{index}\" {{\n{name}{engine}  {wrong.Line}\n}}\n";
                }
            )
        );

    private static void AssertAll(
        (string Line, string Attribute, string Mentions)[] cases,
        JsonArray diagnostics
    )
    {
        for (var i = 0; i < cases.Length; i++)
        {
            var here = diagnostics
                .Where(diagnostic =>
                    (string?)diagnostic!["snippet"]?["context"]
                    == $"resource \"dbaas_database_instance\" \"case_{i}\""
                )
                .ToList();
            var found = Assert.Single(here)!;
            Assert.Equal("error", (string?)found["severity"]);
            Assert.StartsWith(
                cases[i].Attribute + " ",
                ((string)found["snippet"]!["code"]!).Trim(),
                StringComparison.Ordinal
            );
            Assert.Contains(
                cases[i].Mentions,
                $"{found["summary"]} {found["detail"]}",
                StringComparison.Ordinal
            );
        }
    }
}
