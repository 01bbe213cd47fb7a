using System.Text.Json.Serialization;

namespace Dbaas.Host.Images;

/// <summary>
/// How an image is made: the content of <c>engines/ENGINE/VERSION/recipe.json</c>. Lists that the file leaves out are empty: the
/// generated reader assigns null to them, hence the accessors.
/// </summary>
internal sealed record ImageRecipe
{
    /// <summary>Name in schema.json's enum, or <c>platform</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>Major version; empty for the platform's own image.</summary>
    public string Version
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Debian suite, e.g. <c>sid</c>.</summary>
    public required string Suite { get; init; }

    /// <summary>
    /// URLs or whole <c>deb …</c> lines of other repositories, e.g. the engine's own. Empty: the one mmdebstrap chooses for the suite.
    /// </summary>
    public IReadOnlyList<string> Mirrors
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Settings in apt.conf's syntax, without the semicolon.</summary>
    public IReadOnlyList<string> AptOptions
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Paths (dpkg globs) that are never unpacked: manuals, translations.</summary>
    public IReadOnlyList<string> ExcludePaths
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The engine's server first: its version is the image's.</summary>
    public required IReadOnlyList<string> Packages { get; init; }

    /// <summary>Written before the packages are installed, for what their installation reads.</summary>
    public IReadOnlyList<RecipeFile> FilesBefore
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Written after the packages are installed; replaces what they brought.</summary>
    public IReadOnlyList<RecipeFile> FilesAfter
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Lines of a POSIX shell script that runs as root inside the image at the end; the first failing line ends the build.</summary>
    public IReadOnlyList<string> Commands
    {
        get;
        init => field = value ?? [];
    } = [];
}

/// <param name="Path">Absolute path inside the image.</param>
/// <param name="Mode">Octal, e.g. 0644.</param>
/// <param name="Lines">Content, one line an entry.</param>
internal sealed record RecipeFile(string Path, string Mode, IReadOnlyList<string> Lines);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    WriteIndented = true
)]
[JsonSerializable(typeof(ImageRecipe))]
[JsonSerializable(typeof(ImageRecord))]
internal sealed partial class ImagesJson : JsonSerializerContext;
