using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Amazon;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.LocalKms.Initialise;

namespace Dbaas.LocalKms.Tests.Signatures;

/// <summary>Requests that must not get in. The clock is moved here, so the service is this class's own.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private readonly RunningKms kms = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => kms.InitializeAsync();

    public ValueTask DisposeAsync() => kms.DisposeAsync();

    [Fact]
    public async Task Given_a_wrong_secret_when_it_signs_then_the_signature_is_invalid()
    {
        var wrong = kms.Files.Control with { SecretAccessKey = new string('x', 40) };

        Assert.Equal("InvalidSignatureException", await RefusalAsync(wrong));
    }

    [Fact]
    public async Task Given_an_unknown_access_key_when_it_signs_then_the_client_is_unrecognized()
    {
        var unknown = kms.Files.Control with { AccessKeyId = "AKIAAAAAAAAAAAAAAAAA" };

        Assert.Equal("UnrecognizedClientException", await RefusalAsync(unknown));
    }

    [Fact]
    public async Task Given_another_region_in_the_scope_when_it_signs_then_the_signature_is_invalid()
    {
        Assert.Equal(
            "InvalidSignatureException",
            await RefusalAsync(kms.Files.Control, region: "elsewhere")
        );
    }

    [Theory]
    [InlineData(4.9, null)]
    // Time goes on until it is signed, towards a clock that is ahead.
    [InlineData(6.0, "InvalidSignatureException")]
    [InlineData(-5.1, "InvalidSignatureException")]
    public async Task Given_a_clock_that_differs_when_it_signs_then_five_minutes_are_the_limit(
        double minutes,
        string? expected
    )
    {
        AWSConfigs.CorrectForClockSkew = false;
        kms.Clock.AdjustTime(DateTimeOffset.UtcNow.AddMinutes(minutes));

        Assert.Equal(expected, await RefusalAsync(kms.Files.Control));
    }

    [Fact]
    public async Task Given_no_signature_when_anything_is_asked_then_a_token_is_missing()
    {
        var (status, type) = await PostAsync("{}", "TrentService.ListKeys", authorization: null);

        Assert.Equal(
            (HttpStatusCode.BadRequest, "MissingAuthenticationTokenException"),
            (status, type)
        );
    }

    [Fact]
    public async Task Given_half_an_authorization_when_anything_is_asked_then_it_is_incomplete()
    {
        var (status, type) = await PostAsync(
            "{}",
            "TrentService.ListKeys",
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/test-a/kms/aws4_request"
        );

        Assert.Equal((HttpStatusCode.BadRequest, "IncompleteSignatureException"), (status, type));
    }

    [Fact]
    public async Task Given_a_signed_request_when_its_body_is_replaced_then_it_does_not_get_in()
    {
        var recorder = new RecordingHandler(KmsClients.Handler(kms.Files.CertificatePath));
        using var client = KmsClients.Create(
            kms.Endpoint,
            () => new HttpClient(recorder, disposeHandler: false),
            kms.Files.Control
        );
        await client.ListKeysAsync(new ListKeysRequest(), Token);

        var replayed = await recorder.ReplayAsync("""{"Limit":1}""", target: null, Token);
        var retargeted = await recorder.ReplayAsync(null, "TrentService.CreateKey", Token);
        var unchanged = await recorder.ReplayAsync(null, null, Token);

        Assert.Equal("InvalidSignatureException", replayed);
        Assert.Equal("InvalidSignatureException", retargeted);
        Assert.Null(unchanged);
    }

    [Fact]
    public async Task Given_a_signed_request_when_its_target_is_unknown_then_the_operation_is()
    {
        // Sign with the service's own target, then ask the service through the SDK's signer for one it does not have.
        var refused = await Assert.ThrowsAsync<AmazonKeyManagementServiceException>(() =>
            kms.Control.GetPublicKeyAsync(new GetPublicKeyRequest { KeyId = "x" }, Token)
        );

        Assert.Equal("UnknownOperationException", refused.ErrorCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    private async Task<string?> RefusalAsync(
        CredentialFile credentials,
        string region = KmsFiles.Region
    )
    {
        using var client = KmsClients.Create(
            kms.Endpoint,
            kms.Files.CertificatePath,
            credentials,
            region
        );
        try
        {
            await client.ListKeysAsync(new ListKeysRequest(), Token);
            return null;
        }
        catch (AmazonKeyManagementServiceException refused)
        {
            return refused.ErrorCode;
        }
    }

    private async Task<(HttpStatusCode Status, string? Type)> PostAsync(
        string body,
        string target,
        string? authorization
    )
    {
        using var http = new HttpClient(KmsClients.Handler(kms.Files.CertificatePath));
        using var request = new HttpRequestMessage(HttpMethod.Post, kms.Endpoint);
        request.Content = new StringContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(
            "application/x-amz-json-1.1"
        );
        request.Headers.Add("X-Amz-Target", target);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await http.SendAsync(request, Token);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, (string?)answer!["__type"]);
    }
}
