using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Dbaas.Control.Composition;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Dbaas.Control.Hosts;

/// <summary>
/// The one-time tokens of hosts. A token belongs to the first key and address that come with it: whoever finds it later has nothing, a host
/// that was taken over can be no other, and the host itself may repeat a call whose answer was lost, and renew its certificates for as long
/// as it has its key.
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

    /// <summary>Gives the token to this key and address, unless others have it. Counts once the transaction is committed.</summary>
    /// <returns>Whether the token is theirs.</returns>
    public async Task<bool> BindAsync(
        MetadataTransaction transaction,
        string token,
        string region,
        PublicKey key,
        string address,
        CancellationToken cancellationToken
    )
    {
        var hash = Convert.ToHexStringLower(Hash(token));
        var keyHash = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
        // Of two hosts that come at the same time the second waits here for the first, and then finds its key.
        await using (
            var insert = transaction.Command(
                """
                INSERT INTO enrolment_token (token_sha256, region, key_sha256, used_at, address) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (token_sha256) DO NOTHING
                """,
                new NpgsqlParameter { Value = hash },
                new NpgsqlParameter { Value = region },
                new NpgsqlParameter { Value = keyHash },
                new NpgsqlParameter { Value = time.GetUtcNow() },
                new NpgsqlParameter { Value = address }
            )
        )
        {
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }

        // Tokens from before addresses were written down get theirs at the next renewal.
        await using var bind = transaction.Command(
            """
            UPDATE enrolment_token SET address = $3
            WHERE token_sha256 = $1 AND key_sha256 = $2 AND coalesce(address, $3) = $3
            RETURNING true
            """,
            new NpgsqlParameter { Value = hash },
            new NpgsqlParameter { Value = keyHash },
            new NpgsqlParameter { Value = address }
        );
        return await bind.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
