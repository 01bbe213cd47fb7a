using System.Text.Json;

namespace Dbaas.LocalKms.Policies;

/// <summary>Who may do what with one key. A denial wins over everything, the clearest permission over the others.</summary>
internal sealed class KeyPolicy(IReadOnlyList<PolicyStatement> statements)
{
    /// <summary>The only name a policy can have.</summary>
    public const string Name = "default";

    /// <summary>Characters of the JSON text.</summary>
    public const int MaximumLength = 32 * 1024;

    /// <summary>The policy of keys that were given none: the account's rights and grants decide.</summary>
    public static string DefaultText(string accountId) =>
        $$"""
            {
              "Version" : "2012-10-17",
              "Id" : "key-default-1",
              "Statement" : [ {
                "Sid" : "Enable IAM User Permissions",
                "Effect" : "Allow",
                "Principal" : {
                  "AWS" : "arn:aws:iam::{{accountId}}:root"
                },
                "Action" : "kms:*",
                "Resource" : "*"
              } ]
            }
            """;

    /// <exception cref="JsonException">No JSON, or a statement this service could not enforce.</exception>
    public static KeyPolicy Parse(string text)
    {
        using var document = JsonDocument.Parse(text);
        return new(PolicyReader.Statements(document.RootElement));
    }

    public PolicyVerdict Judge(PolicySubject subject) =>
        statements.Aggregate(
            PolicyVerdict.Silent,
            (verdict, statement) =>
                statement.Judge(subject) is var next && next > verdict ? next : verdict
        );
}
