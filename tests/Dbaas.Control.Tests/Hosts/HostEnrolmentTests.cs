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

    [Fact]
    public async Task Given_a_used_token_when_another_key_comes_with_it_then_it_is_refused_and_only_its_own_host_may_renew()
    {
        const string token = "token-of-one-host";
        await using var control = await RunningControl.StartAsync(
            await fixture.PostgresAsync(),
            enrolmentToken: token
        );
        using var client = control.Client(token);
        using var thief = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var first = await EnrolAsync(client, key);

        var stolen = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(thief, 7465), Token);

        Assert.Equal(HttpStatusCode.Unauthorized, stolen.StatusCode);
        Assert.Contains(
            "another key or address",
            await stolen.Content.ReadAsStringAsync(Token),
            StringComparison.Ordinal
        );
        // Nor may the host itself become another one, with its own key.
        var elsewhere = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(key, 7466), Token);
        Assert.Equal(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        var renewed = await EnrolAsync(client, key);
        Assert.Equal(first["hostId"]!.GetValue<string>(), renewed["hostId"]!.GetValue<string>());
        Assert.NotEqual(
            first["certificatePem"]!.GetValue<string>(),
            renewed["certificatePem"]!.GetValue<string>()
        );
        using var admin = control.Client(control.AdminKey);
        Assert.Contains(
            stolen.Headers.GetValues("Dbaas-Request-Id").Single(),
            await admin.GetStringAsync(
                "/v1/platform/audit-events?kind=host.enrolment_refused",
                Token
            ),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Given_two_keys_that_race_for_one_token_then_one_of_them_gets_it()
    {
        const string token = "token-of-a-race";
        await using var control = await RunningControl.StartAsync(
            await fixture.PostgresAsync(),
            enrolmentToken: token
        );
        var answers = await Task.WhenAll(
            Enumerable
                .Range(7470, 6)
                .Select(async port =>
                {
                    using var client = control.Client(token);
                    using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                    var answer = await client.PostAsJsonAsync(
                        "/v1/hosts/enrol",
                        Request(key, port),
                        Token
                    );
                    return answer.StatusCode;
                })
        );

        Assert.Single(answers, HttpStatusCode.OK);
        Assert.Equal(5, answers.Count(status => status == HttpStatusCode.Unauthorized));
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

    private static async Task<JsonNode> EnrolAsync(HttpClient client, ECDsa key)
    {
        var answer = await client.PostAsJsonAsync("/v1/hosts/enrol", Request(key, 7464), Token);
        var text = await answer.Content.ReadAsStringAsync(Token);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
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
