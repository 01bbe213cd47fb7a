using System.Collections.Immutable;
using System.Text.Json;
using Dbaas.Stacks.Platform.Kubernetes;

namespace Dbaas.Stacks.Tests.Kubernetes;

public sealed class KubernetesPlatformStackTests
{
    private const string Project = "dbaas-platform-kubernetes";
    private const string Pod = "spec.template.spec";
    private static readonly string Digest =
        "registry.example/dbaas-control@sha256:" + new string('a', 64);

    [Fact]
    public async Task Given_a_platform_when_declared_then_the_pod_is_as_tight_as_it_can_be()
    {
        var run = await UpAsync();

        var deployment = run.The("kubernetes:apps/v1:Deployment", "control");
        Assert.Equal(true, deployment.At($"{Pod}.securityContext.runAsNonRoot"));
        Assert.Equal(
            "RuntimeDefault",
            deployment.Text($"{Pod}.securityContext.seccompProfile.type")
        );
        Assert.Equal(false, deployment.At($"{Pod}.automountServiceAccountToken"));
        foreach (var container in (string[])[$"{Pod}.initContainers.0", $"{Pod}.containers.0"])
        {
            Assert.Equal(
                true,
                deployment.At($"{container}.securityContext.readOnlyRootFilesystem")
            );
            Assert.Equal(
                false,
                deployment.At($"{container}.securityContext.allowPrivilegeEscalation")
            );
            Assert.Equal(
                "ALL",
                deployment.Text($"{container}.securityContext.capabilities.drop.0")
            );
            Assert.Equal(Digest, deployment.Text($"{container}.image"));
            Assert.Null(deployment.At($"{container}.env"));
        }
    }

    [Fact]
    public async Task Given_a_platform_when_declared_then_all_three_probes_speak_tls_to_the_api()
    {
        var run = await UpAsync();

        var deployment = run.The("kubernetes:apps/v1:Deployment", "control");
        foreach (
            var (probe, path) in ((string, string)[])
                [
                    ("startupProbe", "/healthz"),
                    ("livenessProbe", "/healthz"),
                    ("readinessProbe", "/readyz"),
                ]
        )
        {
            Assert.Equal(path, deployment.Text($"{Pod}.containers.0.{probe}.httpGet.path"));
            Assert.Equal("HTTPS", deployment.Text($"{Pod}.containers.0.{probe}.httpGet.scheme"));
        }
    }

    [Fact]
    public async Task Given_silos_on_loopback_when_declared_then_there_are_never_two_pods()
    {
        var run = await UpAsync();

        var deployment = run.The("kubernetes:apps/v1:Deployment", "control");
        Assert.Equal(1d, deployment.At("spec.replicas"));
        Assert.Equal("Recreate", deployment.Text("spec.strategy.type"));
        var budget = run.The("kubernetes:policy/v1:PodDisruptionBudget", "control");
        Assert.Equal(1d, budget.At("spec.maxUnavailable"));
        Assert.Equal("AlwaysAllow", budget.Text("spec.unhealthyPodEvictionPolicy"));
    }

    [Fact]
    public async Task Given_a_platform_when_declared_then_everything_is_denied_that_is_not_named()
    {
        var run = await UpAsync();

        var deny = run.The("kubernetes:networking.k8s.io/v1:NetworkPolicy", "deny-all");
        Assert.Equal("Ingress", deny.Text("spec.policyTypes.0"));
        Assert.Equal("Egress", deny.Text("spec.policyTypes.1"));
        Assert.Null(deny.At("spec.ingress"));
        var control = run.The("kubernetes:networking.k8s.io/v1:NetworkPolicy", "control");
        Assert.Equal("10.9.0.0/16", control.Text("spec.ingress.0.from.0.ipBlock.cidr"));
        Assert.Equal("10.20.0.0/16", control.Text("spec.ingress.0.from.1.ipBlock.cidr"));
        Assert.Equal(7443d, control.At("spec.ingress.0.ports.0.port"));
        Assert.Equal("10.30.0.0/24", control.Text("spec.egress.1.to.0.ipBlock.cidr"));
        Assert.Equal(5432d, control.At("spec.egress.1.ports.0.port"));
        Assert.Equal("10.40.0.0/24", control.Text("spec.egress.2.to.0.ipBlock.cidr"));
        Assert.Equal(443d, control.At("spec.egress.2.ports.0.port"));
        Assert.Equal(7461d, control.At("spec.egress.3.ports.0.port"));
    }

    [Fact]
    public async Task Given_secrets_when_declared_then_only_the_secret_object_holds_them()
    {
        var run = await UpAsync();

        foreach (var resource in run.Resources.Where(r => r.Type != "kubernetes:core/v1:Secret"))
        {
            Assert.DoesNotContain(
                PlatformSecrets.Mark,
                JsonSerializer.Serialize(resource.Inputs),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public async Task Given_secrets_when_declared_then_the_settings_file_is_one_the_control_service_reads()
    {
        var run = await UpAsync();

        var secret = run.The("kubernetes:core/v1:Secret", "control");
        var files = (ImmutableDictionary<string, object>)secret.At("stringData")!;
        using var control = JsonDocument.Parse((string)files["control.json"]);
        var root = control.RootElement;
        var connection = root.GetProperty("metadata")
            .GetProperty("appConnectionString")
            .GetString()!;
        Assert.Contains("ssl mode=VerifyFull", connection, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("username=dbaas_app", connection, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("eu-a", root.GetProperty("regions")[0].GetProperty("name").GetString());
        var token = root.GetProperty("enrolment")[0].GetProperty("tokenSha256").GetString()!;
        Assert.Equal(64, token.Length);
        Assert.DoesNotContain("s3cr3t-eu-a", root.ToString(), StringComparison.Ordinal);
        foreach (
            var file in root.GetProperty("pki").EnumerateObject().Select(p => p.Value.GetString()!)
        )
        {
            Assert.Contains(Path.GetFileName(file), files.Keys);
        }
    }

    [Fact]
    public async Task Given_a_tag_instead_of_a_digest_when_run_then_it_is_refused()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            UpAsync(("image", "registry.example/dbaas-control:latest"))
        );

        Assert.Contains("an image with its digest", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_the_whole_world_as_clients_when_run_then_it_is_refused()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            UpAsync(("clientNetworks", new[] { "0.0.0.0/0" }))
        );

        Assert.Contains("would be everybody", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Given_no_token_for_a_region_when_run_then_the_fault_names_the_region_and_no_value()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() =>
            UpAsync(("enrolmentTokens", """{"other":"s3cr3t-other"}"""))
        );

        Assert.Contains("enrolmentTokens lacks eu-a", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("s3cr3t-other", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<StackRun> UpAsync(params (string Key, object Value)[] changes)
    {
        const string certificate = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
        var configuration = PlatformSecrets.All("eu-a");
        configuration["image"] = Digest;
        configuration["clientNetworks"] = new[] { "10.9.0.0/16" };
        configuration["metadataHost"] = "metadata.example";
        configuration["metadataNetwork"] = "10.30.0.0/24";
        configuration["metadataCa"] = certificate;
        configuration["kmsNetwork"] = "10.40.0.0/24";
        configuration["kmsCa"] = certificate;
        configuration["regions"] = new[]
        {
            new Dictionary<string, string>
            {
                ["name"] = "eu-a",
                ["kmsEndpoint"] = "https://kms.eu-a.example",
                ["hostPrincipal"] = "arn:aws:iam::000000000000:user/host-eu-a",
                ["hostNetwork"] = "10.20.0.0/16",
            },
        };
        foreach (var (key, value) in changes)
        {
            configuration[key] = value;
        }

        var run = new StackRun();
        await run.UpAsync<KubernetesPlatformStack>(Project, configuration, PlatformSecrets.Keys);
        return run;
    }
}
