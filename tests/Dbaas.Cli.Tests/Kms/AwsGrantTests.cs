using System.Text.Json.Nodes;

namespace Dbaas.Cli.Tests.Kms;

/// <summary>Grants and policies.</summary>
public sealed class AwsGrantTests(LocalInstallation installation) : AwsCliTest(installation)
{
    [Fact]
    public async Task Given_grants_and_a_policy_when_the_aws_cli_manages_them_then_every_call_is_answered()
    {
        var aws = await CliAsync();
        var key = await NewKeyAsync(aws);
        const string control = "arn:aws:iam::000000000000:user/dbaas-control";

        var first = await GrantAsync();
        await aws.AnswerAsync(
            "revoke-grant",
            "--key-id",
            key,
            "--grant-id",
            Text(first, "GrantId")
        );
        var second = await GrantAsync();
        var listed = await aws.AnswerAsync("list-grants", "--key-id", key);
        Assert.Equal(
            Text(second, "GrantId"),
            Text(Assert.Single(listed!["Grants"]!.AsArray()), "GrantId")
        );
        var retirable = await aws.AnswerAsync(
            "list-retirable-grants",
            "--retiring-principal",
            control
        );
        Assert.Single(retirable!["Grants"]!.AsArray());
        await aws.AnswerAsync("retire-grant", "--grant-token", Text(second, "GrantToken"));
        listed = await aws.AnswerAsync("list-grants", "--key-id", key);
        Assert.Empty(listed!["Grants"]!.AsArray());

        var names = await aws.AnswerAsync("list-key-policies", "--key-id", key);
        Assert.Equal("default", names!["PolicyNames"]![0]!.GetValue<string>());
        var policy = await aws.AnswerAsync(
            "get-key-policy",
            "--key-id",
            key,
            "--policy-name",
            "default"
        );
        await aws.AnswerAsync(
            "put-key-policy",
            "--key-id",
            key,
            "--policy-name",
            "default",
            "--policy",
            Text(policy, "Policy")
        );

        Task<JsonNode?> GrantAsync() =>
            aws.AnswerAsync(
                "create-grant",
                "--key-id",
                key,
                "--grantee-principal",
                control,
                "--retiring-principal",
                control,
                "--operations",
                "Decrypt",
                "DescribeKey"
            );
    }
}
