using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Dbaas.Stacks.Platform.Aws;

namespace Dbaas.Stacks.Tests.Aws;

public sealed class AwsPlatformStackTests
{
    private const string Project = "dbaas-platform-aws";

    [Fact]
    public async Task Given_secrets_when_declared_then_no_user_data_holds_one()
    {
        var run = await UpAsync();

        var scripts = run.Of("aws:ec2/instance:Instance")
            .Select(machine => machine.Text("userData"))
            .Append(
                Encoding.UTF8.GetString(
                    Convert.FromBase64String(
                        run.The("aws:ec2/launchTemplate:LaunchTemplate", "control").Text("userData")
                    )
                )
            )
            .ToList();
        Assert.Equal(3, scripts.Count);
        Assert.All(
            scripts,
            script =>
            {
                Assert.StartsWith("#!/usr/bin/env bash", script, StringComparison.Ordinal);
                Assert.DoesNotContain(PlatformSecrets.Mark, script, StringComparison.Ordinal);
                Assert.Contains("-secret-arn", script, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public async Task Given_machines_when_declared_then_containers_cannot_ask_for_their_credentials()
    {
        var run = await UpAsync();

        Assert.All(
            run.Of("aws:ec2/instance:Instance")
                .Append(run.The("aws:ec2/launchTemplate:LaunchTemplate", "control")),
            machine =>
            {
                Assert.Equal("required", machine.Text("metadataOptions.httpTokens"));
                Assert.Equal(1d, machine.At("metadataOptions.httpPutResponseHopLimit"));
            }
        );
    }

    [Fact]
    public async Task Given_a_host_when_its_principal_is_listed_then_it_has_no_policy_of_its_own()
    {
        var run = await UpAsync();

        var policy = Assert.Single(run.Of("aws:iam/userPolicy:UserPolicy"));
        Assert.Equal("control", policy.Name);
        using var document = JsonDocument.Parse(policy.Text("policy"));
        var statements = document.RootElement.GetProperty("Statement").EnumerateArray().ToList();
        var grant = statements.Single(s => s.GetProperty("Sid").GetString() == "LetHostsDecrypt");
        Assert.Contains(
            "Decrypt",
            grant.GetProperty("Condition").ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains(
            statements,
            s =>
                s.GetProperty("Effect").GetString() == "Deny"
                && s.GetProperty("Resource")[0].GetString() == "platform-arn"
        );
    }

    [Fact]
    public async Task Given_the_metadata_when_declared_then_it_is_encrypted_doubled_kept_and_out_of_reach()
    {
        var run = await UpAsync();

        var metadata = run.The("aws:rds/instance:Instance", "metadata");
        Assert.Equal(true, metadata.At("storageEncrypted"));
        Assert.Equal(true, metadata.At("multiAz"));
        Assert.Equal(true, metadata.At("deletionProtection"));
        Assert.Equal(false, metadata.At("publiclyAccessible"));
        Assert.Equal(true, metadata.At("manageMasterUserPassword"));
        Assert.Null(metadata.At("password"));
        var parameters = run.The("aws:rds/parameterGroup:ParameterGroup", "metadata");
        Assert.Equal("rds.force_ssl", parameters.Text("parameters.0.name"));
    }

    [Fact]
    public async Task Given_the_firewall_when_listed_then_only_clients_come_from_networks()
    {
        var run = await UpAsync();

        var open = run.Of("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
            .Where(rule => rule.At("cidrIpv4") is not null)
            .Select(rule => (rule.Text("cidrIpv4"), rule.At("fromPort")));
        Assert.Equal(
            [("10.0.0.0/8", (object?)5432d), ("10.0.0.0/8", 7443d)],
            open.OrderBy(rule => rule.Item2)
        );
    }

    [Fact]
    public async Task Given_two_regions_when_declared_then_their_ranges_differ_and_are_routed_to_their_hosts()
    {
        var run = await UpAsync();

        var routes = run.Of("aws:ec2/route:Route")
            .Where(route => route.At("networkInterfaceId") is not null)
            .Select(route => (route.Text("destinationCidrBlock"), route.Text("networkInterfaceId")))
            .Distinct()
            .Order();
        Assert.Equal(
            [("10.101.0.0/16", "host-aws-a-nic"), ("10.102.0.0/16", "host-aws-b-nic")],
            routes
        );
    }

    [Fact]
    public async Task Given_an_archive_without_checksum_when_run_then_it_is_refused()
    {
        var error = await Assert.ThrowsAnyAsync<Exception>(() => UpAsync(("releaseSha256", "abc")));

        Assert.Contains("64 hex digits", error.ToString(), StringComparison.Ordinal);
    }

    private static async Task<StackRun> UpAsync(params (string Key, object Value)[] changes)
    {
        var configuration = PlatformSecrets.All("aws-a", "aws-b");
        configuration["hostName"] = "dbaas.internal.example";
        configuration["clientNetworks"] = new[] { "10.0.0.0/8" };
        configuration["releaseBucket"] = "releases";
        configuration["releaseKey"] = "dbaas-platform-v0.1.0-linux-amd64.tar.gz";
        configuration["releaseSha256"] = new string('b', 64);
        configuration["aws:region"] = "eu-central-1";
        foreach (var (key, value) in changes)
        {
            configuration[key] = value;
        }

        var run = new StackRun();
        run.Answers["aws:index/getAvailabilityZones:getAvailabilityZones"] = Answer(
            "names",
            ImmutableArray.Create<object>("eu-central-1a", "eu-central-1b")
        );
        run.Answers["aws:index/getCallerIdentity:getCallerIdentity"] = Answer(
            "accountId",
            "000000000000"
        );
        run.Answers["aws:ec2/getAmi:getAmi"] = Answer("id", "ami-0123456789abcdef0");
        run.Outputs["aws:kms/key:Key"] = declared =>
            Answer("arn", $"{declared.Name}-arn").Add("keyId", "key");
        run.Outputs["aws:iam/user:User"] = declared =>
            Answer("arn", $"{declared.Name}-arn").Add("name", declared.Name);
        run.Outputs["aws:iam/accessKey:AccessKey"] = declared =>
            Answer("secret", PlatformSecrets.Mark + declared.Name);
        run.Outputs["aws:secretsmanager/secret:Secret"] = declared =>
            Answer("arn", $"{declared.Name}-secret-arn");
        run.Outputs["aws:rds/instance:Instance"] = _ =>
            Answer("address", "metadata.example")
                .Add(
                    "masterUserSecrets",
                    ImmutableArray.Create<object>(Answer("secretArn", "owner-secret-arn"))
                );
        run.Outputs["aws:ec2/instance:Instance"] = declared =>
            Answer("primaryNetworkInterfaceId", $"{declared.Name}-nic");
        await run.UpAsync<AwsPlatformStack>(Project, configuration, PlatformSecrets.Keys);
        return run;
    }

    private static ImmutableDictionary<string, object> Answer(string key, object value) =>
        ImmutableDictionary<string, object>.Empty.Add(key, value);
}
