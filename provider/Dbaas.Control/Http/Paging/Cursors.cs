using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Dbaas.Control.Composition;
using Dbaas.Control.Ids;
using Dbaas.Control.Problems;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Http.Paging;

internal sealed class Cursors : ICursors
{
    private const int TagLength = 16;

    private readonly byte[] _key;

    // The internal authority's key is the one secret all silos of an installation share; HKDF keeps the two uses apart.
    public Cursors(IOptions<ControlOptions> options) =>
        _key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256,
            File.ReadAllBytes(options.Value.Pki.InternalKeyFile),
            32,
            info: "dbaas cursor"u8.ToArray()
        );

    public string Write(TenantId tenant, string list, string position)
    {
        var text = Encoding.UTF8.GetBytes(position);
        return Base64Url.EncodeToString([.. Tag(tenant, list, text), .. text]);
    }

    public Outcome<CursorPosition> Read(TenantId tenant, string list, string? cursor)
    {
        if (cursor is null)
        {
            return new CursorPosition(null);
        }

        if (cursor.Length <= 512 && Base64Url.IsValid(cursor))
        {
            var bytes = Base64Url.DecodeFromChars(cursor);
            if (
                bytes.Length > TagLength
                && CryptographicOperations.FixedTimeEquals(
                    bytes.AsSpan(0, TagLength),
                    Tag(tenant, list, bytes.AsSpan(TagLength))
                )
            )
            {
                return new CursorPosition(Encoding.UTF8.GetString(bytes.AsSpan(TagLength)));
            }
        }

        return new Problem(
            "request.cursor_invalid",
            400,
            "Use the nextCursor of the page before, with the same filters."
        );
    }

    public Outcome<int> Limit(int? limit) =>
        limit is null ? 50
        : limit is >= 1 and <= ICursors.LargestPage ? limit.Value
        : new Problem("request.limit_invalid", 400, $"limit is 1 to {ICursors.LargestPage}.");

    private byte[] Tag(TenantId tenant, string list, ReadOnlySpan<byte> position)
    {
        var scope = Encoding.UTF8.GetBytes($"{tenant}\n{list}\n");
        return HMACSHA256.HashData(_key, (byte[])[.. scope, .. position])[..TagLength];
    }
}
