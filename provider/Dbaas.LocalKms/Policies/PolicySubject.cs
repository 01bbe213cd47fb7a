using Dbaas.LocalKms.Principals;

namespace Dbaas.LocalKms.Policies;

/// <summary>A request as a policy sees it: who, what, under which conditions.</summary>
internal sealed record PolicySubject(string PrincipalArn, AccessRequest Request)
{
    private const string ContextPrefix = "kms:EncryptionContext:";

    /// <summary>arn:aws:iam::ACCOUNT:user/NAME has its account in the fifth part.</summary>
    public string AccountId =>
        PrincipalArn.Split(':') is [_, _, _, _, var account, ..] ? account : "";

    /// <summary>Value of a condition key; null when the request has none.</summary>
    public string? Find(string conditionKey) =>
        conditionKey switch
        {
            "kms:CallerAccount" => AccountId,
            "aws:PrincipalArn" => PrincipalArn,
            "kms:GranteePrincipal" => Request.Grant?.GranteePrincipal,
            _ => Request.Context.Find(conditionKey[ContextPrefix.Length..]),
        };

    public static bool Knows(string conditionKey) =>
        conditionKey is "kms:CallerAccount" or "aws:PrincipalArn" or "kms:GranteePrincipal"
        || (
            conditionKey.StartsWith(ContextPrefix, StringComparison.Ordinal)
            && conditionKey.Length > ContextPrefix.Length
        );
}
