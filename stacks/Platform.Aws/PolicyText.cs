using System.Text.Json;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>Writes IAM policy documents.</summary>
internal static class PolicyText
{
    /// <summary>One statement. Empty parts are left out.</summary>
    /// <param name="Sid">Name.</param>
    /// <param name="Actions">Actions.</param>
    /// <param name="Resources">ARNs.</param>
    /// <param name="Effect">Allow or Deny.</param>
    /// <param name="Principal">In a resource's or a trust policy: kind (AWS, Service) and who.</param>
    /// <param name="Condition">Operator, key and values.</param>
    public sealed record Statement(
        string Sid,
        string[] Actions,
        string[] Resources,
        string Effect = "Allow",
        (string Kind, string Who)? Principal = null,
        Dictionary<string, Dictionary<string, object>>? Condition = null
    );

    public static string Json(params Statement[] statements) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["Version"] = "2012-10-17",
                ["Statement"] = statements.Select(Describe).ToArray(),
            }
        );

    /// <summary>Lets EC2 machines take a role.</summary>
    public static string TrustEc2() =>
        Json(
            new Statement(
                "Machines",
                ["sts:AssumeRole"],
                [],
                Principal: ("Service", "ec2.amazonaws.com")
            )
        );

    private static Dictionary<string, object> Describe(Statement statement)
    {
        var written = new Dictionary<string, object>
        {
            ["Sid"] = statement.Sid,
            ["Effect"] = statement.Effect,
            ["Action"] = statement.Actions,
        };
        if (statement.Resources.Length > 0)
        {
            written["Resource"] = statement.Resources;
        }

        if (statement.Principal is var (kind, who))
        {
            written["Principal"] = new Dictionary<string, string> { [kind] = who };
        }

        if (statement.Condition is not null)
        {
            written["Condition"] = statement.Condition;
        }

        return written;
    }
}
