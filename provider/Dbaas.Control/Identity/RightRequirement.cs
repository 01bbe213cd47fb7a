using Microsoft.AspNetCore.Authorization;

namespace Dbaas.Control.Identity;

/// <summary>The caller must have this right, in the tenant or on the resource the route names.</summary>
internal sealed class RightRequirement(string right) : IAuthorizationRequirement
{
    public string Right { get; } = right;

    public override string ToString() => Right;
}
