using Dbaas.Client.Instances;
using Dbaas.Control.Instances;
using Dbaas.Control.Instances.Rules;
using Dbaas.Engines;

namespace Dbaas.Control.Tests.Instances;

/// <summary>Bad input gets its field, its code and what is allowed.</summary>
public sealed class SpecRulesTests
{
    private static readonly RuleSurroundings s_around = new(
        new EngineCatalogue(DatabaseEngines.All),
        ["local-a", "local-b"],
        Guid.CreateVersion7(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    );

    private static InstanceInputs Good => new() { Name = "orders", Engine = "postgresql" };

    public static TheoryData<string, string, string> Bad =>
        new()
        {
            { "name-upper", "/name", InstanceProblems.Name },
            { "name-hyphens", "/name", InstanceProblems.Name },
            { "name-newline", "/name", InstanceProblems.Name },
            { "name-reserved", "/name", InstanceProblems.NameReserved },
            { "engine", "/engine", InstanceProblems.Engine },
            { "version", "/engineVersion", InstanceProblems.Version },
            { "minor", "/engineVersion", InstanceProblems.Minor },
            { "region", "/region", InstanceProblems.Region },
            { "cpu", "/cpu", InstanceProblems.Cpu },
            { "memory", "/memoryGib", InstanceProblems.Memory },
            { "storage", "/storageGib", InstanceProblems.Storage },
            { "cidr-host-bits", "/allowedCidrs/0", InstanceProblems.Cidr },
            { "cidr-mapped", "/allowedCidrs/0", InstanceProblems.Cidr },
            { "cidr-short", "/allowedCidrs/0", InstanceProblems.Cidr },
            { "database-reserved", "/databases/0", InstanceProblems.Database },
            { "database-twice", "/databases/1", InstanceProblems.Database },
            { "window", "/maintenanceWindow/startTime", InstanceProblems.Window },
            { "policy", "/changePolicy", InstanceProblems.Policy },
            { "tag", "/tags/aws:x", InstanceProblems.Tag },
        };

    [Theory]
    [MemberData(nameof(Bad))]
    public void Given_a_wrong_input_when_judged_then_the_field_and_the_code_are_named(
        string what,
        string pointer,
        string code
    )
    {
        var inputs = what switch
        {
            "name-upper" => Good with { Name = "Orders" },
            "name-hyphens" => Good with { Name = "a--b" },
            "name-newline" => Good with { Name = "orders\n" },
            "name-reserved" => Good with { Name = "postgres" },
            "engine" => Good with { Engine = "mariadb" },
            "version" => Good with { EngineVersion = "latest" },
            "minor" => Good with { EngineVersion = "18.99" },
            "region" => Good with { Region = "mars" },
            "cpu" => Good with { Cpu = double.NaN },
            "memory" => Good with { MemoryGib = 0.25 },
            "storage" => Good with { StorageGib = 0 },
            "cidr-host-bits" => Good with { AllowedCidrs = ["10.0.0.1/8"] },
            "cidr-mapped" => Good with { AllowedCidrs = ["::ffff:1.2.3.4/128"] },
            "cidr-short" => Good with { AllowedCidrs = ["10/8"] },
            "database-reserved" => Good with { Databases = ["template1"] },
            "database-twice" => Good with { Databases = ["a", "a"] },
            "window" => Good with
            {
                MaintenanceWindow = new MaintenanceWindow { Day = "monday", StartTime = "25:00" },
            },
            "policy" => Good with { ChangePolicy = "later" },
            _ => Good with { Tags = new Dictionary<string, string> { ["aws:x"] = "1" } },
        };
        var error = Assert.Single(SpecRules.Resolve(inputs, null, s_around).Errors);
        Assert.Equal((pointer, code), (error.Pointer, error.Code));
    }

    [Fact]
    public void Given_a_version_past_its_end_of_life_when_judged_then_nothing_new_begins_on_it_and_what_runs_goes_on()
    {
        var past = s_around with { Today = new DateOnly(2029, 11, 9) };
        var old = Good with { EngineVersion = "17" };
        var current = SpecRules.Resolve(old, null, s_around).Spec;

        var error = Assert.Single(SpecRules.Resolve(old, null, past).Errors);

        Assert.Equal(
            ("/engineVersion", InstanceProblems.Version, "18"),
            (error.Pointer, error.Code, error.Allowed)
        );
        Assert.Contains("end of life", error.Message, StringComparison.Ordinal);
        Assert.Empty(SpecRules.Resolve(old with { Cpu = 2 }, current, past).Errors);
        Assert.Empty(SpecRules.Resolve(old, null, past with { Today = new(2029, 11, 8) }).Errors);
    }

    [Fact]
    public void Given_only_name_and_engine_when_judged_then_every_default_is_filled_in()
    {
        var resolved = SpecRules.Resolve(Good, null, s_around);
        Assert.Empty(resolved.Errors);
        Assert.Equal(
            ("18", "local-a", 1.0, 10, true),
            (
                resolved.Spec.EngineVersion,
                resolved.Spec.Region,
                resolved.Spec.Cpu,
                resolved.Spec.StorageGib,
                resolved.Spec.DeletionProtection
            )
        );
    }

    [Fact]
    public void Given_an_instance_when_engine_region_or_version_go_elsewhere_then_each_is_refused()
    {
        var current = SpecRules.Resolve(Good with { StorageGib = 20 }, null, s_around).Spec;
        var wrong = SpecRules.Resolve(
            Good with
            {
                Engine = "mysql",
                Region = "local-b",
                EngineVersion = "17",
            },
            current,
            s_around
        );
        Assert.Equal(
            ["/engine", "/engineVersion", "/region"],
            wrong.Errors.Select(error => error.Pointer).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Given_a_volume_that_has_grown_when_a_whole_wish_names_less_then_the_floor_is_met()
    {
        var current = SpecRules.Resolve(Good with { StorageGib = 20 }, null, s_around).Spec;

        var met = SpecRules.Resolve(Good with { StorageGib = 10 }, current, s_around);

        Assert.Empty(met.Errors);
        Assert.Equal(20, met.Spec.StorageGib);
        var warning = Assert.Single(met.Warnings, one => one.Pointer == "/storageGib");
        Assert.Equal(InstanceProblems.Shrink, warning.Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Given_a_size_that_is_none_when_an_instance_is_changed_then_it_is_refused(int size)
    {
        var current = SpecRules.Resolve(Good with { StorageGib = 20 }, null, s_around).Spec;

        var wrong = SpecRules.Resolve(Good with { StorageGib = size }, current, s_around);

        Assert.Equal("/storageGib", Assert.Single(wrong.Errors).Pointer);
    }

    [Theory]
    [InlineData("18", "17", InstanceProblems.Downgrade, "never goes back")]
    [InlineData("18.1", "17.5", InstanceProblems.Downgrade, "never goes back")]
    [InlineData("17", "18", InstanceProblems.Upgrade, "pg_dump and pg_restore")]
    [InlineData("17", "18.1", InstanceProblems.Upgrade, "Create an instance of version 18")]
    [InlineData("17", "99", InstanceProblems.Version, "no such version")]
    public void Given_an_instance_when_another_major_is_asked_for_then_the_refusal_says_how_to_get_there(
        string from,
        string to,
        string code,
        string words
    )
    {
        var current = SpecRules.Resolve(Good with { EngineVersion = from }, null, s_around).Spec;
        var error = Assert.Single(
            SpecRules.Resolve(Good with { EngineVersion = to }, current, s_around).Errors
        );
        Assert.Equal(("/engineVersion", code), (error.Pointer, error.Code));
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_an_unknown_value_when_judged_then_it_is_left_alone() =>
        Assert.Empty(
            SpecRules
                .Resolve(
                    Good with
                    {
                        AllowedCidrs = ["nonsense"],
                    },
                    null,
                    s_around with
                    {
                        Unknown = new HashSet<string> { "/allowedCidrs" },
                    }
                )
                .Errors
        );

    [Fact]
    public void Given_two_spellings_of_one_value_when_compared_then_nothing_changes()
    {
        var before = SpecRules
            .Resolve(
                Good with
                {
                    Parameters = new Dictionary<string, string> { ["work_mem"] = "7MB" },
                    AllowedCidrs = ["10.0.0.0/8", "192.168.0.0/16"],
                },
                null,
                s_around
            )
            .Spec;
        var after = before with
        {
            Parameters = new Dictionary<string, string> { ["work_mem"] = "7168kB" },
            AllowedCidrs = ["192.168.0.0/16", "10.0.0.0/8"],
        };
        Assert.Empty(InstanceChanges.Between(before, after, DatabaseEngines.Find("postgresql")!));
    }
}
