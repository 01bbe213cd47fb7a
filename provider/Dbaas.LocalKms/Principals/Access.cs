using Dbaas.LocalKms.Grants;
using Dbaas.LocalKms.Policies;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Principals;

/// <summary>Decides whether a principal may do something: by the key's policy, by a right of its own or by a grant on the key.</summary>
internal sealed class Access(GrantStore grants, PolicyShelf policies)
{
    /// <summary>Null when allowed.</summary>
    public KmsRefusal? Refuse(Caller caller, AccessRequest request)
    {
        caller.Touches(request.Key?.Arn ?? "*", request.Context.Names);
        foreach (var token in request.GrantTokens)
        {
            if (grants.ByToken(token) is null)
            {
                return KmsRefusal.InvalidGrantToken();
            }
        }

        var verdict = policies.Judge(caller.Principal.Arn, request);
        if (verdict == PolicyVerdict.Denied)
        {
            return Denied(caller, request, "with an explicit deny in a resource-based policy");
        }

        if (
            verdict == PolicyVerdict.Allowed
            || verdict == PolicyVerdict.Account
                && caller.Principal.Rights.Any(right => right.Allows(request))
        )
        {
            return null;
        }

        if (GrantFor(caller.Principal, request) is { } grant)
        {
            caller.GrantId = grant.GrantId;
            return null;
        }

        return Denied(
            caller,
            request,
            "because no policy, no right and no grant allows it with this encryption context"
        );
    }

    private static KmsRefusal Denied(Caller caller, AccessRequest request, string reason) =>
        new(
            "AccessDeniedException",
            $"User: {caller.Principal.Arn} is not authorized to perform: kms:{request.Action} on resource: "
                + $"{request.Key?.Arn ?? "*"} {reason}"
        );

    private GrantRecord? GrantFor(Principal principal, AccessRequest request) =>
        request.Key is not { } key
            ? null
            : request
                .GrantTokens.Select(grants.ByToken)
                .OfType<GrantRecord>()
                .Concat(grants.OfKey(key.KeyId))
                .FirstOrDefault(grant =>
                    grant.KeyId == key.KeyId && grant.Allows(principal.Arn, request)
                );
}
