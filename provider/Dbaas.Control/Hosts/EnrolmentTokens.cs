using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Control.Composition;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Hosts;

/// <summary>
/// The one-time tokens of hosts. A token belongs to the first key that comes with it: whoever finds it later has nothing, while the host
/// itself may repeat a call whose answer was lost, and renew its certificates for as long as it has its key.
/// </summary>
internal sealed class EnrolmentTokens(IOptions<ControlOptions> options, TimeProvider time)
{
    /// <summary>Whether it is the token of this region, used or not.</summary>
    public bool Fits(string token, string region)
    {
        var hash = Hash(token);
        return token.Length > 0
            && options.Value.Enrolment.Any(enrolment =>
                enrolment.Region == region
                && CryptographicOperations.FixedTimeEquals(
                    hash,
                    Convert.FromHexString(enrolment.TokenSha256)
                )
            );
    }

    /// <summary>Gives the token to this key, unless another one has it. Counts once the transaction is committed.</summary>
    /// <returns>Whether the token is this key's.</returns>
    public async Task<bool> BindAsync(
        MetadataTransaction transaction,
        string token,
        string region,
        PublicKey key,
        CancellationToken cancellationToken
    )
    {
        var hash = Convert.ToHexStringLower(Hash(token));
        var keyHash = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        // Of two hosts that come at the same time the second waits here for the first, and then finds its key.
        await using (
            var insert = transaction.Command(
                """
                INSERT INTO enrolment_token (token_sha256, region, key_sha256, used_at) VALUES ($1, $2, $3, $4)
                ON CONFLICT (token_sha256) DO NOTHING
                """,
                new NpgsqlParameter { Value = hash },
                new NpgsqlParameter { Value = region },
                new NpgsqlParameter { Value = keyHash },
                new NpgsqlParameter { Value = time.GetUtcNow() }
            )
        )
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var select = transaction.Command(
            "SELECT key_sha256 FROM enrolment_token WHERE token_sha256 = $1",
            new NpgsqlParameter { Value = hash }
        );
        return await select.ExecuteScalarAsync(cancellationToken) is string owner
            && owner == keyHash;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
