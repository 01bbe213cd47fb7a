namespace Dbaas.Control.Operations;

/// <summary>
/// Who claims operations: <see cref="Place"/> is where this silo always is, <see cref="Claim"/> adds this very process. A process that
/// starts at the same place knows that its predecessor is dead and takes over at once.
/// </summary>
internal sealed record SiloIdentity(string Place, Guid Process)
{
    public string Claim => $"{Place}@{Process:N}";
}
