using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.Control.Composition;
using Dbaas.Control.Keys;
using Dbaas.Control.Tests.Support;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Initialise;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Tests.Keys;

/// <summary>
/// The settings that lead to AWS KMS (docs/aws-kms.md), tried against a key service with a region, an account, an authority and
/// credentials that are none of the installation's own.
/// </summary>
public sealed class KeyServiceSettingsTests : IAsyncLifetime
{
    private const string Region = "frankfurt";
    private const string AwsRegion = "eu-central-1";
    private const string Account = "123456789012";
    private static readonly Dictionary<string, string> s_context = new()
    {
        ["tenant"] = "ten_1",
        ["purpose"] = "credentials",
    };
    private readonly string folder = Directory
        .CreateTempSubdirectory("dbaas-key-settings-")
        .FullName;
    private WebApplication? service;
    private string endpoint = "";
    private string authority = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Secret(string name) => Path.Combine(folder, "secrets", $"{name}.json");

    public async ValueTask InitializeAsync()
    {
        var ca = new TestAuthority(folder, "their-ca");
        var (certificate, key) = ca.Loopback("their-kms");
        authority = ca.CertificateFile;
        var data = Path.Combine(folder, "kms");
        KmsInitialiser.Run(data, Path.Combine(folder, "secrets"), AwsRegion, Account, null);
        service = KmsServer.Build(
            new KmsSettings
            {
                Listen = "127.0.0.1:0",
                CertificateFile = certificate,
                CertificateKeyFile = key,
                DataFolder = data,
                Region = AwsRegion,
                AccountId = Account,
                PrincipalsFile = Path.Combine(data, "principals.json"),
            },
            TimeProvider.System
        );
        await service.StartAsync(Token);
        endpoint = service
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
        {
            await service.StopAsync(CancellationToken.None);
            await service.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Given_another_region_account_and_authority_when_configured_then_every_call_of_the_platform_is_answered()
    {
        using var services = Services(AwsRegion, "kms-control");
        var kms = services.Of(Region);

        var arn = (await kms.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata.Arn;
        var other = (await kms.CreateKeyAsync(new CreateKeyRequest(), Token)).KeyMetadata.Arn;
        Assert.StartsWith($"arn:aws:kms:{AwsRegion}:{Account}:key/", arn, StringComparison.Ordinal);
        await kms.DescribeKeyAsync(arn, Token);
        var wrapped = await kms.GenerateDataKeyWithoutPlaintextAsync(
            new()
            {
                KeyId = arn,
                NumberOfBytes = 32,
                EncryptionContext = s_context,
            },
            Token
        );
        var moved = await kms.ReEncryptAsync(
            new()
            {
                CiphertextBlob = wrapped.CiphertextBlob,
                SourceKeyId = arn,
                SourceEncryptionContext = s_context,
                DestinationKeyId = other,
                DestinationEncryptionContext = s_context,
            },
            Token
        );
        var opened = await kms.DecryptAsync(
            new() { CiphertextBlob = moved.CiphertextBlob, EncryptionContext = s_context },
            Token
        );
        Assert.Equal(32, opened.Plaintext.Length);

        var grant = await kms.CreateGrantAsync(
            new()
            {
                KeyId = other,
                GranteePrincipal = services.HostPrincipalOf(Region),
                Operations = [GrantOperation.Decrypt],
                Constraints = new() { EncryptionContextSubset = s_context },
            },
            Token
        );
        await kms.RetireGrantAsync(
            new RetireGrantRequest { KeyId = other, GrantId = grant.GrantId },
            Token
        );
    }

    [Theory]
    [InlineData("eu-west-1", "kms-control")] // signed for a region the service is not in
    [InlineData(AwsRegion, "strangers")] // a secret that is not the key's
    public async Task Given_a_wrong_region_or_secret_when_asked_then_the_service_refuses_and_the_platform_says_so(
        string signed,
        string credentials
    )
    {
        var known = await File.ReadAllTextAsync(Secret("kms-control"), Token);
        await File.WriteAllTextAsync(
            Secret("strangers"),
            System.Text.RegularExpressions.Regex.Replace(
                known,
                "(\"secretAccessKey\":\\s*\")[^\"]+",
                "$1wrong"
            ),
            Token
        );
        File.SetUnixFileMode(Secret("strangers"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        using var services = Services(signed, credentials);

        var refusal = await Assert.ThrowsAnyAsync<AmazonKeyManagementServiceException>(() =>
            services.Of(Region).CreateKeyAsync(new CreateKeyRequest(), Token)
        );

        Assert.True(KeyServiceFailure.Is(refusal));
        Assert.NotEmpty(KeyServiceFailure.Explain(refusal).Detail);
    }

    private KeyServices Services(string signed, string credentials) =>
        new(
            Options.Create(
                new ControlOptions
                {
                    Regions =
                    {
                        new RegionOptions
                        {
                            Name = Region,
                            KmsEndpoint = endpoint,
                            KmsRegion = signed,
                            HostPrincipal = $"arn:aws:iam::{Account}:user/dbaas-host-{AwsRegion}",
                        },
                    },
                    KmsCredentialsFile = Secret(credentials),
                    KmsCaFile = authority,
                }
            )
        );
}
