using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Identity;

/// <summary>Makes a policy of any right, so that endpoints write <c>RequireAuthorization("instance:write")</c>.</summary>
internal sealed class RightPolicies(IOptions<AuthorizationOptions> options)
    : DefaultAuthorizationPolicyProvider(options)
{
    public override async Task<AuthorizationPolicy?> GetPolicyAsync(string policyName)
    {
        ArgumentNullException.ThrowIfNull(policyName);
        return policyName.Contains(':', StringComparison.Ordinal)
            ? new AuthorizationPolicyBuilder(ApiKeyAuthentication.SchemeName)
                .RequireAuthenticatedUser()
                .AddRequirements(new RightRequirement(policyName))
                .Build()
            : await base.GetPolicyAsync(policyName);
    }
}
