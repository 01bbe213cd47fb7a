namespace Dbaas.Control.Identity;

/// <summary>Finds who bears an API key. Thread-safe.</summary>
internal interface IPrincipals
{
    /// <summary>Null when the key is unknown, wrong, revoked or expired: the caller learns no more than that.</summary>
    Task<KnownPrincipal?> FindAsync(ApiKeySecret secret, CancellationToken cancellationToken);

    /// <summary>Whether <see cref="FindAsync"/> would ask the database for the first time for a key of this prefix.</summary>
    bool IsStranger(ApiKeySecret secret);

    /// <summary>Forgets what is cached here, so that a change made through this process counts at once.</summary>
    void Forget();
}
