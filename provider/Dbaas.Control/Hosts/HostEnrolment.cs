using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dbaas.Client.Hosts;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Dbaas.Control.Problems;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Hosts;

/// <summary>
/// Takes a host in: its token proves the region, its requests prove its keys. A host of a region and address that is known already keeps
/// its id, so one that lost its certificate, or whose certificate nears its end, comes again.
/// </summary>
internal sealed class HostEnrolment(
    IPlatformTransactions platform,
    IEventWriter events,
    Authorities authorities,
    EnrolmentTokens tokens,
    TimeProvider time
)
{
    /// <summary>Five years; a host comes for new ones after two thirds of them.</summary>
    private static readonly TimeSpan s_life = TimeSpan.FromDays(5 * 365);

    public async Task<Outcome<EnrolHostResponse>> EnrolAsync(
        string token,
        EnrolHostRequest request,
        string requestId,
        CancellationToken cancellationToken
    )
    {
        if (!tokens.Fits(token, request.Region))
        {
            return Unwelcome("The token is not the enrolment token of this region.");
        }

        var host = Read(request);
        if (!host.Succeeded)
        {
            return host.Problem;
        }

        var (name, key, storeKey, storeNames) = host.Value;
        await using var transaction = await platform.BeginAsync(cancellationToken);
        if (
            !await tokens.BindAsync(
                transaction,
                token,
                request.Region,
                key,
                request.Address,
                cancellationToken
            )
        )
        {
            return Unwelcome(
                "The token has been used by a host with another key or address; a token introduces one host. Make a new one for this region."
            );
        }

        var row = await transaction
            .Db.Set<HostRow>()
            .SingleOrDefaultAsync(
                known => known.Region == request.Region && known.Address == request.Address,
                cancellationToken
            );
        if (row is null)
        {
            row = new HostRow
            {
                HostId = TypedId.New<HostId>(time),
                Region = request.Region,
                Address = request.Address,
                State = "online",
                Facts = new JsonObject(),
                EndpointRange = request.EndpointRange,
                KeyServiceEndpoint = request.KeyServiceEndpoint,
                EnrolledAt = time.GetUtcNow(),
            };
            transaction.Db.Add(row);
        }
        else
        {
            row.EndpointRange = request.EndpointRange;
            row.KeyServiceEndpoint = request.KeyServiceEndpoint;
            row.EnrolledAt = time.GetUtcNow();
        }

        var id = row.HostId.ToString();
        using var certificate = authorities.Internal.Sign(
            key,
            id,
            CertificateNames.Of(name) with
            {
                Uris = [new Uri($"dbaas://host/{id}")],
            },
            s_life,
            both: true
        );
        using var store = authorities.Internal.Sign(
            storeKey,
            $"store {request.Region}",
            storeNames,
            s_life,
            both: true
        );
        transaction.Db.Add(Row("host", id, certificate));
        transaction.Db.Add(Row("store", id, store));
        await events.AppendAsync(
            transaction,
            new("host.enrolled", $"Host {id} of {request.Region} at {request.Address} enrolled.")
            {
                ResourceId = id,
                RequestId = requestId,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
        return new EnrolHostResponse
        {
            HostId = id,
            CertificatePem = certificate.ExportCertificatePem(),
            StoreCertificatePem = store.ExportCertificatePem(),
            InternalAuthorityPem = authorities.InternalPem,
        };
    }

    /// <summary>A refused token is a security event, whoever tried it.</summary>
    public async Task AuditRefusalAsync(
        string region,
        string from,
        string requestId,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await platform.BeginAsync(cancellationToken);
        await events.AppendAsync(
            transaction,
            new("host.enrolment_refused", $"Refused an enrolment for region {region}.")
            {
                Severity = "warning",
                Principal = from,
                RequestId = requestId,
            },
            cancellationToken
        );
        await transaction.CommitAsync(cancellationToken);
    }

    private static Outcome<Requested> Read(EnrolHostRequest request)
    {
        if (
            !Uri.TryCreate("dbaas://" + request.Address, UriKind.Absolute, out var address)
            || address.Port <= 0
            || address.PathAndQuery != "/" && address.PathAndQuery.Length > 0
        )
        {
            return Refused("/address", "Write host:port.");
        }

        if (!IPNetwork.TryParse(request.EndpointRange, out _))
        {
            return Refused("/endpointRange", "Write a network in CIDR notation.");
        }

        try
        {
            var host = CertificateRequest.LoadSigningRequestPem(
                request.CertificateRequestPem,
                HashAlgorithmName.SHA256
            );
            var store = CertificateRequest.LoadSigningRequestPem(
                request.StoreCertificateRequestPem,
                HashAlgorithmName.SHA256,
                CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions
            );
            return new Requested(
                address.Host.Trim('[', ']'),
                host.PublicKey,
                store.PublicKey,
                StoreNames(store)
            );
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return Refused("/certificateRequestPem", "Send PKCS#10 requests in PEM.");
        }
    }

    /// <summary>
    /// The store's names are the host's to say (its service address is not known here); loopback is added for calls on the box. Only names
    /// and addresses are taken over, no other extension of the request.
    /// </summary>
    private static CertificateNames StoreNames(CertificateRequest store)
    {
        var asked = store
            .CertificateExtensions.OfType<X509SubjectAlternativeNameExtension>()
            .SingleOrDefault();
        var common = store
            .SubjectName.EnumerateRelativeDistinguishedNames()
            .Select(part => part.GetSingleElementValue())
            .OfType<string>()
            .FirstOrDefault();
        var addresses = (asked?.EnumerateIPAddresses() ?? []).ToList();
        var hosts = (asked?.EnumerateDnsNames() ?? []).ToList();
        if (IPAddress.TryParse(common, out var named))
        {
            addresses.Add(named);
        }

        return new CertificateNames
        {
            Addresses = [.. addresses.Append(IPAddress.Loopback).Distinct()],
            HostNames = [.. hosts.Distinct()],
        };
    }

    private CertificateRow Row(string kind, string owner, X509Certificate2 certificate) =>
        new()
        {
            CertificateId = TypedId.New<CertificateId>(time),
            OwnerId = owner,
            Kind = kind,
            Serial = certificate.SerialNumber,
            Pem = certificate.ExportCertificatePem(),
            NotBefore = certificate.NotBefore.ToUniversalTime(),
            NotAfter = certificate.NotAfter.ToUniversalTime(),
            CreatedAt = time.GetUtcNow(),
        };

    private static Problem Unwelcome(string why) => new("host.enrolment_refused", 401, why);

    private static Outcome<Requested> Refused(string pointer, string what) =>
        new Problem("host.request_invalid", 422, what, pointer);

    private sealed record Requested(
        string Host,
        PublicKey Key,
        PublicKey StoreKey,
        CertificateNames StoreNames
    );
}
