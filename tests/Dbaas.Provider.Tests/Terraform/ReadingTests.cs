using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Terraform;

public sealed class ReadingTests
{
    private const string Configuration = """
        resource "dbaas_database_instance" "orders" {
          name   = "orders"
          engine = "postgresql"
        }

        data "dbaas_instance" "orders" {
          name = dbaas_database_instance.orders.name
        }

        data "dbaas_engine_versions" "all" {
          engine = "postgresql"
        }

        data "dbaas_regions" "all" {}

        ephemeral "dbaas_credentials" "orders" {
          # By id, which is known only once the instance exists: by name it would be looked for while planning.
          instance = dbaas_database_instance.orders.id
        }

        locals {
          # Uses the password, so that the ephemeral resource is really opened.
          length = length(ephemeral.dbaas_credentials.orders.password)
        }

        output "host" { value = data.dbaas_instance.orders.endpoint.host }
        output "version" { value = data.dbaas_engine_versions.all.versions[0].version }
        output "minimum" { value = data.dbaas_engine_versions.all.versions[0].minimum_memory_gib }
        output "region" { value = data.dbaas_regions.all.regions[0].name }
        """;

    [Fact]
    public async Task Given_data_sources_and_credentials_when_applied_then_values_arrive_and_no_secret_is_stored_or_shown()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(control, Configuration);
        folder.Variables["TF_LOG"] = "TRACE";
        folder.Variables["TF_LOG_PATH"] = Path.Combine(folder.Root, "trace.log");
        var output = await folder.ApplyAsync();
        Assert.Contains("host = \"127.101.0.5\"", output, StringComparison.Ordinal);
        Assert.Contains("minimum = 0.5", output, StringComparison.Ordinal);
        Assert.Contains("region = \"local-a\"", output, StringComparison.Ordinal);
        Assert.Contains("version = \"18\"", output, StringComparison.Ordinal);
        Assert.Contains(
            control.Requests,
            request => request.EndsWith("/credentials", StringComparison.Ordinal)
        );

        var written =
            output
            + string.Concat(
                Directory
                    .EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories)
                    .Select(File.ReadAllText)
            );
        Assert.DoesNotContain(FakeControl.Password, written, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeControl.ApiKey, written, StringComparison.Ordinal);
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_the_quickstart_when_applied_then_it_works_as_it_stands()
    {
        await using var control = await FakeControl.StartAsync();
        var example = await File.ReadAllTextAsync(
            Path.Combine(TerraformFolder.RepositoryRoot(), "examples/quickstart/main.tf"),
            TestContext.Current.CancellationToken
        );
        using var folder = new TerraformFolder(control, "");
        await File.WriteAllTextAsync(
            Path.Combine(folder.Root, "main.tf"),
            example,
            TestContext.Current.CancellationToken
        );
        await folder.ApplyAsync();
        Assert.Equal(
            ["quickstart", "quickstart-mysql"],
            control.Instances.Values.Select(instance => instance.Name).Order(StringComparer.Ordinal)
        );
        await folder.AssertEmptyPlanAsync();
    }

    [Fact]
    public async Task Given_many_unchanged_instances_when_planned_then_the_service_is_asked_for_a_page_and_for_no_dry_run()
    {
        await using var control = await FakeControl.StartAsync();
        using var folder = new TerraformFolder(
            control,
            """
            resource "dbaas_database_instance" "many" {
              count  = 60
              name   = "many-${count.index}"
              engine = "postgresql"
            }
            """
        );
        await folder.ApplyAsync();
        control.Requests.Clear();

        await folder.AssertEmptyPlanAsync();

        Assert.Equal(1, control.Requests.Count(request => request.Contains('?')));
        Assert.InRange(control.Requests.Count, 1, 10);
        Assert.All(
            control.Requests,
            request => Assert.StartsWith("GET /v1/instances", request, StringComparison.Ordinal)
        );
    }
}
