using System.Globalization;
using System.Text.Json;
using Dbaas.Host.Configuration;

namespace Dbaas.Host.Metadata;

/// <summary>What <c>metadata run</c> needs to know; everything but the root folder comes from <c>installation.json</c> unless said.</summary>
internal sealed record MetadataSettings
{
    public required string Root { get; init; }
    public required string InstallationId { get; init; }

    /// <summary>Unprivileged uid of the metadata PostgreSQL.</summary>
    public required int Uid { get; init; }

    /// <summary>The only uid that may connect: the control service's.</summary>
    public required int ControlUid { get; init; }

    /// <summary>Image to run; null: the newest of the recipe, built if there is none.</summary>
    public string? ImageId { get; init; }

    public string Data => Path.Combine(Root, "metadata", "data");
    public string Run => Path.Combine(Root, "metadata", "run");

    /// <summary>Folder of images; may lie outside the root when several installations share it.</summary>
    public required string Images { get; init; }

    /// <param name="options">Name → value, as on the command line.</param>
    /// <exception cref="InvalidDataException">Something is missing or malformed; the message names it.</exception>
    public static MetadataSettings From(IReadOnlyDictionary<string, string> options)
    {
        if (!options.TryGetValue("root", out var root))
        {
            throw new InvalidDataException("--root is missing.");
        }
        var file = Path.Combine(root, "installation.json");
        using var installation = JsonDocument.Parse(File.ReadAllText(file));
        var uidBase = installation.RootElement.GetProperty("uidBase").GetInt32();
        var image = options.GetValueOrDefault("image", "latest");
        return new()
        {
            Root = Path.GetFullPath(root),
            InstallationId =
                installation.RootElement.GetProperty("id").GetString()
                ?? throw new InvalidDataException($"{file} has no id."),
            Images = installation.RootElement.TryGetProperty("imageStore", out var store)
                ? store.GetString()!
                : Path.Combine(root, "images"),
            Uid = Number(options, "uid", uidBase + 1),
            ControlUid = Number(options, "control-uid", uidBase),
            ImageId = image == "latest" ? null : image,
        };
    }

    /// <summary>
    /// The container code thinks in regions: metadata gets a name of its own beside them. Nothing but root, ids and images is read.
    /// </summary>
    public HostSettings AsHost() =>
        new()
        {
            Root = Root,
            InstallationId = InstallationId,
            Region = "metadata",
            Listen = "127.0.0.1:0",
            MachineRange = "127.0.0.0/16",
            EndpointRange = "127.0.0.0/16",
            ServiceAddress = "127.0.0.1",
            ControlEndpoint = "",
            ControlCaFile = "",
            EnrolTokenFile = "",
            KmsEndpoint = "",
            KmsCredentialsFile = "",
            EtcdClientPort = 0,
            EtcdPeerPort = 0,
            ImageStore = Images,
            AgentFolder = "",
        };

    private static int Number(
        IReadOnlyDictionary<string, string> options,
        string name,
        int otherwise
    ) =>
        !options.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw new InvalidDataException($"--{name} must be a number, not \"{text}\".");
}
