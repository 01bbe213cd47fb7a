using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Terraform;

/// <summary>A wrong configuration fails at plan, on its attribute, with what is allowed; nothing is made.</summary>
[Trait("Needs", "engine")]
[Trait("Needs", "root")]
public sealed class RefusedConfigurationTests(SharedPlatform shared)
{
    public static TheoryData<string, string, string> Wrong { get; } =
        new()
        {
            { "memory_gib          = 0.5", "memory_gib = 100000", "memory_gib" },
            { "storage_gib         = 1", "storage_gib = 0", "storage_gib" },
            { "cpu                 = 1", "cpu = -1", "cpu" },
            { "engine_version      = \"18\"", "engine_version = \"7\"", "engine_version" },
            { "engine              = \"postgresql\"", "engine = \"oracle\"", "engine" },
            { "region              = \"local-a\"", "region = \"nowhere\"", "region" },
            { "\"127.0.0.0/8\"", "\"127.0.0.0/99\"", "allowed_cidrs" },
            { "databases           = [\"app\"]", "databases = [\"bad name;\"]", "databases" },
            {
                "parameters = {\n",
                "parameters = {\n    no_such_parameter = \"1\"\n",
                "no_such_parameter"
            },
            { "parameters = {\n", "parameters = {\n    work_mem = \"a lot\"\n", "work_mem" },
            { "parameters = {\n", "parameters = {\n    ssl = \"off\"\n", "ssl" },
            { "name                = \"e2e-wrong\"", "name = \"-\"", "name" },
        };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Given_a_wrong_value_when_terraform_plans_then_the_error_names_the_attribute(
        string right,
        string wrong,
        string attribute
    )
    {
        var platform = await shared.RunningAsync();
        using var terraform = new TerraformWorkspace(platform);
        var configuration = new InstanceConfiguration("e2e-wrong").ToString();
        Assert.Contains(right, configuration, StringComparison.Ordinal);
        terraform.Write(configuration.Replace(right, wrong, StringComparison.Ordinal));
        await terraform.InitAsync();

        var plan = await terraform.RunAsync("plan", "-no-color");

        Assert.Equal(1, plan.ExitCode);
        Assert.Contains(attribute, plan.Error, StringComparison.Ordinal);
        Assert.Contains("main.tf line", plan.Error, StringComparison.Ordinal);
        using var rest = platform.Rest();
        Assert.Empty(await rest.InstancesAsync("e2e-wrong"));
    }
}
