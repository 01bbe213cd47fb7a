using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Dbaas.Client.Hosts;
using Dbaas.Host.Configuration;
using Dbaas.Host.State;

namespace Dbaas.Host.Enrolment;

/// <summary>
/// Introduces a new host to the control service with its one-time token, which from then on belongs to this host's key: both together get
/// new certificates whenever they are due. Waits as long as the service is not up yet.
/// </summary>
internal sealed partial class HostEnrolment(
    HostSettings settings,
    HostCertificates certificates,
    StateFolder<HostIdentityRecord> identity,
    TimeProvider time,
    ILogger<HostEnrolment> logger
)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    /// <summary>Returns once this host has certificates that did not run out; at once when it has them already.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var pause = FirstPause;
        // Nobody talks to a host whose certificate ran out while it was off, so it must not serve before it has another.
        while (
            identity.Load("host") is null
            || !certificates.Exist
            || certificates.Standing(time.GetUtcNow()) == CertificateStanding.Expired
        )
        {
            try
            {
                await EnrolAsync(cancellationToken);
            }
            catch (Exception exception)
                when (exception is HttpRequestException or IOException
                    || (
                        exception is OperationCanceledException
                        && !cancellationToken.IsCancellationRequested
                    )
                )
            {
                LogWaiting(settings.ControlEndpoint, exception.Message);
                await Task.Delay(pause, time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    /// <summary>One call for certificates of the keys this host has. Again and again: always the same host.</summary>
    /// <exception cref="HttpRequestException">Not reachable, or refused; the message has the reason.</exception>
    public async Task EnrolAsync(CancellationToken cancellationToken)
    {
        var token = (
            await File.ReadAllTextAsync(settings.EnrolTokenFile, cancellationToken)
        ).Trim();
        using var client = Client();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            new Uri(new Uri(settings.ControlEndpoint), "/v1/hosts/enrol")
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = JsonContent.Create(
            new EnrolHostRequest
            {
                Region = settings.Region,
                Address = settings.Listen,
                CertificateRequestPem = certificates.HostRequest(),
                StoreCertificateRequestPem = certificates.StoreRequest(),
                EndpointRange = settings.EndpointRange,
                KeyServiceEndpoint = settings.KmsEndpoint,
            },
            EnrolmentJson.Default.EnrolHostRequest
        );
        using var response = await client.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            var reason = await response.Content.ReadAsStringAsync(cancellationToken);
            throw new HttpRequestException($"{(int)response.StatusCode} {reason}");
        }
        var answer =
            await response.Content.ReadFromJsonAsync(
                EnrolmentJson.Default.EnrolHostResponse,
                cancellationToken
            ) ?? throw new HttpRequestException("an empty answer");
        certificates.Save(
            answer.CertificatePem,
            answer.StoreCertificatePem,
            answer.InternalAuthorityPem
        );
        identity.Save(
            "host",
            new(answer.HostId, time.GetUtcNow().ToString("O", CultureInfo.InvariantCulture))
        );
        LogEnrolled(answer.HostId);
    }

    private HttpClient Client()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.ImportFromPemFile(settings.ControlCaFile);
        return new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                SslOptions = new SslClientAuthenticationOptions
                {
                    EnabledSslProtocols = SslProtocols.Tls13,
                    CertificateChainPolicy = policy,
                },
            }
        )
        {
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    [LoggerMessage(4601, LogLevel.Information, "Enrolled as {HostId}")]
    private partial void LogEnrolled(string hostId);

    [LoggerMessage(
        4602,
        LogLevel.Warning,
        "Waiting for the control service at {Endpoint}: {Reason}"
    )]
    private partial void LogWaiting(string endpoint, string reason);
}
