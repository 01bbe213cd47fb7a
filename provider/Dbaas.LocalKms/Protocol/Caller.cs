using Dbaas.LocalKms.Principals;

namespace Dbaas.LocalKms.Protocol;

/// <summary>Who asks, and what the audit line of the request will say.</summary>
internal sealed class Caller(Principal principal)
{
    public Principal Principal { get; } = principal;

    /// <summary>ARN of the key the request was judged on, for the log.</summary>
    public string? KeyArn { get; private set; }

    /// <summary>Names (never values) of the encryption context's entries, for the log.</summary>
    public IReadOnlyCollection<string> ContextKeys { get; private set; } = [];

    /// <summary>Id of the grant that allowed the request, null when the principal's own rights did.</summary>
    public string? GrantId { get; set; }

    public void Touches(string keyArn, IReadOnlyCollection<string> contextKeys)
    {
        KeyArn = keyArn;
        ContextKeys = contextKeys;
    }
}
