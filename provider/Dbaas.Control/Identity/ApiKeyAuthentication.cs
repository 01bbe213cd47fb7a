using System.Security.Claims;
using System.Text.Encodings.Web;
using Dbaas.Client;
using Dbaas.Control.Http;
using Dbaas.Control.Http.RateLimits;
using Dbaas.Control.Problems;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Identity;

/// <summary>Turns <c>Authorization: Bearer dbk_…</c> and <c>Dbaas-Tenant</c> into the request's <see cref="Caller"/>.</summary>
internal sealed class ApiKeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    IPrincipals principals,
    RateLimitBuckets limits
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        if (
            !ApiKeySecret.TryParse(header["Bearer ".Length..].Trim(), out var secret)
            || await FindAsync(secret) is not { } known
        )
        {
            return AuthenticateResult.Fail("The key is not valid.");
        }

        Context.Features.Set(known);

        var wanted = Request.Headers[DbaasHeaders.Tenant].ToString();
        var tenant =
            wanted.Length > 0 ? known.Find(wanted)
            : known.Tenants.Count == 1 ? known.Tenants.Keys.Single()
            : known.Home;
        if (tenant is null)
        {
            // Same answer whether the tenant exists or not.
            Context.Features.Set(
                new Problem(
                    "tenant.not_found",
                    404,
                    $"No tenant of the id or name given in {DbaasHeaders.Tenant}."
                )
            );
            return AuthenticateResult.Fail("The tenant is not one of the principal's.");
        }

        var caller = new Caller(
            tenant.Value,
            known.Principal,
            known.Name,
            known.Rights.GetValueOrDefault(tenant.Value, RightSet.None),
            Context.RequestId,
            Context.ShortHeader(DbaasHeaders.ClientKind),
            Context.ShortHeader(DbaasHeaders.RunId)
        );
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, known.Principal.ToString())],
            SchemeName
        );
        return AuthenticateResult.Success(
            new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)
        );
    }

    /// <summary>
    /// A key that nobody here knows costs a connection and a query to look up, so it is counted before: an address that guesses keys must
    /// not keep those who have one from the database.
    /// </summary>
    private async Task<KnownPrincipal?> FindAsync(ApiKeySecret secret)
    {
        var address = Context.Connection.RemoteIpAddress;
        if (!principals.IsStranger(secret))
        {
            return await principals.FindAsync(secret, Context.RequestAborted);
        }

        var taken = limits.TakeAsStranger(address);
        if (
            taken.Allowed && await principals.FindAsync(secret, Context.RequestAborted) is { } known
        )
        {
            limits.GiveBack(address);
            return known;
        }

        Context.Features.Set(taken);
        return null;
    }
}
