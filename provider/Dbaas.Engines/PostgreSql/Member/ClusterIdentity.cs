using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>
/// Gives a copied data directory a system identifier of its own, as <c>pg_createsubscriber</c> does. Two instances with one
/// identifier could be taken for members of one cluster, and one's WAL be replayed into the other.
/// </summary>
/// <remarks>
/// Layout (source <c>catalog/pg_control.h</c>, <c>access/xlog_internal.h</c>): the control file begins with the 64-bit identifier and
/// ends with a 32-byte nonce for mock authentication and a CRC-32C over all before it; the rest is padding. The first page of
/// each WAL segment repeats the identifier at offset 24 of its long header, which no checksum covers. The server must be down.
/// </remarks>
internal static class ClusterIdentity
{
    private const int NonceBytes = 32;
    private const int WalIdentifierOffset = 24;
    private const ushort LongHeaderFlag = 2;

    /// <summary>Stamps a fresh identifier into the data directory and returns it.</summary>
    /// <exception cref="InvalidDataException">The control file is not one that this code understands; nothing was changed.</exception>
    public static ulong Renew(string data, DateTimeOffset now)
    {
        // As the server draws it: time in the upper half, chance in the lower.
        var identifier =
            ((ulong)now.ToUnixTimeSeconds() << 32)
            | BinaryPrimitives.ReadUInt32LittleEndian(RandomNumberGenerator.GetBytes(4));
        var path = Path.Combine(data, "global/pg_control");
        var control = File.ReadAllBytes(path);
        var old = BinaryPrimitives.ReadUInt64LittleEndian(control);
        var end = ChecksumOffset(control);
        BinaryPrimitives.WriteUInt64LittleEndian(control, identifier);
        // The nonce keeps user names from being probed; shared by all copies it would keep nothing.
        RandomNumberGenerator.Fill(control.AsSpan(end - NonceBytes, NonceBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(
            control.AsSpan(end),
            Crc32C(control.AsSpan(0, end))
        );
        foreach (var segment in Directory.EnumerateFiles(Path.Combine(data, "pg_wal")))
        {
            StampSegment(segment, old, identifier);
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Write);
        stream.Write(control);
        return identifier;
    }

    /// <summary>The identifier in a control file whose checksum holds.</summary>
    public static ulong Read(string data)
    {
        var control = File.ReadAllBytes(Path.Combine(data, "global/pg_control"));
        _ = ChecksumOffset(control);
        return BinaryPrimitives.ReadUInt64LittleEndian(control);
    }

    // The structure's size differs between majors; the one offset where the checksum of all before it stands is the right one.
    private static int ChecksumOffset(ReadOnlySpan<byte> control)
    {
        for (var offset = 128; offset + 4 <= Math.Min(control.Length, 512); offset += 4)
        {
            var stored = BinaryPrimitives.ReadUInt32LittleEndian(control[offset..]);
            if (stored != 0 && stored == Crc32C(control[..offset]))
            {
                return offset;
            }
        }

        throw new InvalidDataException(
            "The template's control file is damaged or of an unknown layout."
        );
    }

    private static void StampSegment(string path, ulong old, ulong identifier)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        Span<byte> header = stackalloc byte[WalIdentifierOffset + 8];
        stream.ReadExactly(header);
        var information = BinaryPrimitives.ReadUInt16LittleEndian(header[2..]);
        if (
            (information & LongHeaderFlag) == 0
            || BinaryPrimitives.ReadUInt64LittleEndian(header[WalIdentifierOffset..]) != old
        )
        {
            throw new InvalidDataException(
                $"{Path.GetFileName(path)} does not belong to the template's cluster."
            );
        }

        BinaryPrimitives.WriteUInt64LittleEndian(header[WalIdentifierOffset..], identifier);
        stream.Position = WalIdentifierOffset;
        stream.Write(header[WalIdentifierOffset..]);
    }

    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
