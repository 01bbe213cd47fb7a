namespace Dbaas.LocalKms.Policies;

/// <summary>What a key's policy says of one request.</summary>
internal enum PolicyVerdict
{
    /// <summary>It does not mention it: grants alone can allow it.</summary>
    Silent,

    /// <summary>It leaves the decision to the account: the principal's own rights count, and grants.</summary>
    Account,

    /// <summary>It names the principal.</summary>
    Allowed,

    /// <summary>It forbids it, whatever else allows it.</summary>
    Denied,
}
