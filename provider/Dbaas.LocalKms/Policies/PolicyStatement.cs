namespace Dbaas.LocalKms.Policies;

/// <summary>Allows or denies some actions to some principals.</summary>
/// <param name="Principals">"*", account ids and ARNs of accounts' roots and of principals.</param>
/// <param name="Actions">kms:…, with wildcards; their case does not matter.</param>
internal sealed record PolicyStatement(
    bool Denies,
    IReadOnlyList<string> Principals,
    IReadOnlyList<string> Actions,
    IReadOnlyList<PolicyCondition> Conditions
)
{
    public PolicyVerdict Judge(PolicySubject subject)
    {
        if (!Covers(subject))
        {
            return PolicyVerdict.Silent;
        }

        if (Principals.Any(principal => principal == "*" || principal == subject.PrincipalArn))
        {
            return Denies ? PolicyVerdict.Denied : PolicyVerdict.Allowed;
        }

        // The account's root stands for the account: allowed, its own rights decide; denied, nobody of it gets in.
        return Principals.Any(principal => IsAccount(principal, subject.AccountId))
            ? Denies
                ? PolicyVerdict.Denied
                : PolicyVerdict.Account
            : PolicyVerdict.Silent;
    }

    private bool Covers(PolicySubject subject) =>
        Actions.Any(action =>
            Wildcard.Matches(action, "kms:" + subject.Request.Action, ignoreCase: true)
        ) && Conditions.All(condition => condition.Holds(subject));

    private static bool IsAccount(string principal, string account) =>
        principal == account || principal == $"arn:aws:iam::{account}:root";
}
