using System.Net;
using System.Text.Json.Serialization;

namespace Dbaas.LocalKms.Hosting;

/// <summary>The file given with --config.</summary>
internal sealed record KmsSettings
{
    /// <summary>address:port to listen on, e.g. 127.0.0.1:7451. Port 0 takes a free one.</summary>
    public required string Listen { get; init; }

    /// <summary>PEM certificate, followed by intermediates.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM private key of the certificate.</summary>
    public required string CertificateKeyFile { get; init; }

    /// <summary>Folder made by `init`: master key, keys, grants, aliases.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Region in ARNs; signatures must be scoped to it.</summary>
    public required string Region { get; init; }

    /// <summary>Twelve digits; 000000000000 when the file names none.</summary>
    public string AccountId
    {
        get;
        // Generated JSON code assigns null to an absent member and so would undo a mere initialiser.
        init => field = string.IsNullOrEmpty(value) ? DefaultAccountId : value;
    } = DefaultAccountId;

    private const string DefaultAccountId = "000000000000";

    /// <summary>File made by `init`, usually DATAFOLDER/principals.json.</summary>
    public required string PrincipalsFile { get; init; }

    /// <exception cref="FormatException"><see cref="Listen"/> is not address:port.</exception>
    [JsonIgnore]
    public IPEndPoint ListenEndPoint =>
        IPEndPoint.TryParse(Listen, out var endPoint)
        && Listen.Contains(':', StringComparison.Ordinal)
            ? endPoint
            : throw new FormatException($"listen must be address:port, not '{Listen}'.");
}
