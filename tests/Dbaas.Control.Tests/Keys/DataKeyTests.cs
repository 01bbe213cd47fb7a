using System.Text;
using System.Text.Json.Nodes;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Dbaas.Control.Ids;
using Dbaas.Control.Keys;
using Dbaas.Control.Metadata;
using Dbaas.Control.Pki;
using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Keys;

/// <summary>Envelope encryption against the real key service: what the platform wraps, only the host with a grant unwraps.</summary>
public sealed class DataKeyTests(ControlFixture fixture)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Given_a_new_tenant_then_it_gets_a_default_key_and_a_wrapped_key_is_made_once()
    {
        var (control, tenant, key) = await TenantWithKeyAsync();
        var keys = control.Services.GetRequiredService<IDataKeys>();
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var request = new DataKeyRequest(tenant, key, instance, "vol_x", "volume");

        var first = await keys.EnsureAsync(request, Token);
        var second = await keys.EnsureAsync(request, Token);

        Assert.Null(first.Problem);
        Assert.Equal(first.Value!.WrappedKeyId, second.Value!.WrappedKeyId);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["tenant"] = tenant.ToString(),
                ["instance"] = instance.ToString(),
                ["purpose"] = "volume",
            },
            DataKeys.ContextOf(first.Value)
        );
    }

    [Fact]
    public async Task Given_a_grant_then_the_host_decrypts_this_key_until_it_is_retired_and_never_another()
    {
        var (control, tenant, key) = await TenantWithKeyAsync();
        var keys = control.Services.GetRequiredService<IDataKeys>();
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var mine = await keys.EnsureAsync(new(tenant, key, instance, "vol_a", "volume"), Token);
        var other = await keys.EnsureAsync(
            new(tenant, key, TypedId.New<InstanceId>(TimeProvider.System), "vol_b", "volume"),
            Token
        );
        var granted = await keys.GrantAsync(tenant, mine.Value!.WrappedKeyId, Token);
        Assert.Null(granted.Problem);
        using var host = HostClient(control);

        var plain = await DecryptAsync(host, mine.Value, granted.Value!.Message.GrantToken);
        Assert.Equal(64, plain.Length);
        await Assert.ThrowsAnyAsync<AmazonKeyManagementServiceException>(() =>
            DecryptAsync(host, other.Value!, granted.Value.Message.GrantToken)
        );

        Assert.Null((await keys.RetireAsync(granted.Value, Token)).Problem);
        Assert.Null((await keys.RetireAsync(granted.Value, Token)).Problem);
        await Assert.ThrowsAnyAsync<AmazonKeyManagementServiceException>(() =>
            DecryptAsync(host, mine.Value, null)
        );
    }

    [Fact]
    public async Task Given_a_shredded_key_then_nothing_of_it_is_left()
    {
        var (control, tenant, key) = await TenantWithKeyAsync();
        var keys = control.Services.GetRequiredService<IDataKeys>();
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var made = await keys.EnsureAsync(new(tenant, key, instance, "vol_c", "volume"), Token);

        Assert.Equal(1, await keys.ShredAsync(tenant, "vol_c", Token));
        Assert.Equal(0, await keys.ShredAsync(tenant, "vol_c", Token));

        var granted = await keys.GrantAsync(tenant, made.Value!.WrappedKeyId, Token);
        Assert.Equal("key.shredded", granted.Problem!.Code);
    }

    [Fact]
    public async Task Given_secrets_in_the_vault_then_a_repeat_reads_the_same_and_the_table_holds_no_plaintext()
    {
        var (control, tenant, key) = await TenantWithKeyAsync();
        var vault = control.Services.GetRequiredService<ICredentialVault>();
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var draws = new Dictionary<string, Func<string>> { ["admin"] = Passwords.Draw };

        var first = await vault.EnsureAsync(tenant, instance, key, draws, Token);
        var second = await vault.EnsureAsync(tenant, instance, key, draws, Token);
        var password = first.Value!["admin"];
        Assert.Equal(password, second.Value!["admin"]);
        Assert.Equal(32, password.Length);

        await using (
            var transaction = await control
                .Services.GetRequiredService<ITenantTransactions>()
                .BeginAsync(tenant, Token)
        )
        {
            var row = await transaction.Db.Set<CredentialRow>().SingleAsync(Token);
            Assert.Equal(-1, row.Sealed.AsSpan().IndexOf(Encoding.UTF8.GetBytes(password)));
        }

        Assert.Null(
            (await vault.ReplaceAsync(tenant, instance, key, "admin", "changed", Token)).Problem
        );
        Assert.Equal("changed", (await vault.ReadAsync(tenant, instance, Token)).Value!["admin"]);
        await vault.ForgetAsync(tenant, instance, Token);
        Assert.Empty((await vault.ReadAsync(tenant, instance, Token)).Value!);
    }

    [Fact]
    public async Task Given_an_endpoint_certificate_then_it_names_host_and_address_and_a_repeat_answers_the_same()
    {
        var (control, tenant, key) = await TenantWithKeyAsync();
        var certificates = control.Services.GetRequiredService<IInstanceCertificates>();
        var instance = TypedId.New<InstanceId>(TimeProvider.System);
        var address = System.Net.IPAddress.Parse("127.101.0.7");

        var first = await certificates.EnsureEndpointAsync(
            tenant,
            instance,
            key,
            "db.example",
            address,
            Token
        );
        var second = await certificates.EnsureEndpointAsync(
            tenant,
            instance,
            key,
            "db.example",
            address,
            Token
        );

        Assert.Null(first.Problem);
        Assert.Equal(first.Value!.CertificatePem, second.Value!.CertificatePem);
        using var certificate =
            System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(
                first.Value.CertificatePem,
                first.Value.KeyPem
            );
        Assert.True(certificate.MatchesHostname("db.example"));
        Assert.True(certificate.MatchesHostname("127.101.0.7"));
        Assert.False(certificate.MatchesHostname("127.101.0.8"));
        using var authority =
            System.Security.Cryptography.X509Certificates.X509Certificate2.CreateFromPem(
                first.Value.AuthorityPem
            );
        using var chain = new System.Security.Cryptography.X509Certificates.X509Chain();
        chain.ChainPolicy.TrustMode = System
            .Security
            .Cryptography
            .X509Certificates
            .X509ChainTrustMode
            .CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = System
            .Security
            .Cryptography
            .X509Certificates
            .X509RevocationMode
            .NoCheck;
        Assert.True(chain.Build(certificate));

        // A machine that came back with another address needs another certificate, for the same key.
        var moved = await certificates.EnsureEndpointAsync(
            tenant,
            instance,
            key,
            "db.example",
            System.Net.IPAddress.Parse("127.101.0.8"),
            Token
        );
        Assert.NotEqual(first.Value.CertificatePem, moved.Value!.CertificatePem);
        Assert.Equal(first.Value.KeyPem, moved.Value.KeyPem);
    }

    private async Task<(RunningControl, TenantId, KeyId)> TenantWithKeyAsync()
    {
        var control = await fixture.StartedAsync();
        var (owner, id, _) = await fixture.TenantAsync();
        var listed = await Eventually.BecomesAsync(
            async () => JsonNode.Parse(await owner.GetStringAsync("/v1/keys", Token))!,
            keys => keys["items"]!.AsArray().Count == 1
        );
        var key = listed["items"]![0]!;
        Assert.True(key["isDefault"]!.GetValue<bool>());
        return (
            control,
            TypedId.Parse<TenantId>(id),
            TypedId.Parse<KeyId>(key["id"]!.GetValue<string>())
        );
    }

    internal static AmazonKeyManagementServiceClient HostClient(RunningControl control) =>
        new(
            KeyServiceCredentials.Read(
                Path.Combine(control.KmsSecrets, $"kms-host-{RunningControl.Region}.json")
            ),
            new AmazonKeyManagementServiceConfig
            {
                ServiceURL = control.KmsAddress,
                AuthenticationRegion = RunningControl.Region,
                HttpClientFactory = new TrustingHttpClientFactory(control.KmsCa),
                MaxErrorRetry = 0,
            }
        );

    internal static async Task<byte[]> DecryptAsync(
        AmazonKeyManagementServiceClient host,
        WrappedKeyRow key,
        string? grantToken
    )
    {
        using var ciphertext = new MemoryStream(key.Ciphertext);
        var answer = await host.DecryptAsync(
            new DecryptRequest
            {
                CiphertextBlob = ciphertext,
                EncryptionContext = DataKeys.ContextOf(key),
                GrantTokens = grantToken is null ? [] : [grantToken],
            },
            Token
        );
        return answer.Plaintext.ToArray();
    }
}
