using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Control.Tests.Hosts;

public sealed class HostEnrolmentTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_the_token_of_the_region_then_the_host_gets_certificates_for_its_own_keys()
    {
        var control = await fixture.StartedAsync();
        using var client = control.Client(RunningControl.EnrolmentToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var answer = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(key, 7461), Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        var body = JsonNode.Parse(text)!;
        var id = body["hostId"]!.GetValue<string>();
        using var certificate = X509Certificate2.CreateFromPem(
            body["certificatePem"]!.GetValue<string>()
        );
        Assert.True(certificate.MatchesHostname("127.0.0.1"));
        Assert.Contains($"dbaas://host/{id}", Names(certificate), StringComparison.Ordinal);
        using var store = X509Certificate2.CreateFromPem(
            body["storeCertificatePem"]!.GetValue<string>()
        );
        Assert.True(store.MatchesHostname("10.201.255.1"));

        // A host that lost its certificate comes again and is the same host.
        var again = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(key, 7461), Token);
        Assert.Equal(
            id,
            JsonNode.Parse(await again.Content.ReadAsStringAsync(Token))![
                "hostId"
            ]!.GetValue<string>()
        );
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData(null)]
    public async Task Given_another_token_then_it_is_refused_and_the_platform_is_told(string? token)
    {
        var control = await fixture.StartedAsync();
        using var client = control.Client(token);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var answer = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(key, 7462), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);

        using var admin = control.Client(control.AdminKey);
        var trail = await admin.GetStringAsync(
            "/v1/platform/audit-events?kind=host.enrolment_refused",
            Token
        );
        Assert.Contains(
            answer.Headers.GetValues("Dbaas-Request-Id").Single(),
            trail,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_a_request_that_is_no_request_then_422()
    {
        var control = await fixture.StartedAsync();
        using var client = control.Client(RunningControl.EnrolmentToken);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(key, 7463);
        request["certificateRequestPem"] = "not PEM";
        var answer = await client.PostAsJsonAsync("/v1/hosts/enrol", request, Token);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    private static JsonObject Request(ECDsa key, int port) =>
        new()
        {
            ["region"] = RunningControl.Region,
            ["address"] = $"127.0.0.1:{port}",
            ["certificateRequestPem"] = new CertificateRequest(
                "CN=host",
                key,
                HashAlgorithmName.SHA256
            ).CreateSigningRequestPem(),
            ["storeCertificateRequestPem"] = new CertificateRequest(
                "CN=10.201.255.1",
                key,
                HashAlgorithmName.SHA256
            ).CreateSigningRequestPem(),
            ["endpointRange"] = "127.101.0.0/16",
            ["keyServiceEndpoint"] = "https://127.0.0.1:7451",
        };

    private static string Names(X509Certificate2 certificate) =>
        System.Text.Encoding.ASCII.GetString(
            certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single().RawData
        );
}
