namespace Dbaas.Host.Images;

/// <summary>Where images lie and where their recipes come from.</summary>
internal sealed record ImageStoreOptions
{
    /// <summary>Folder of the finished images, shared by all hosts of an installation.</summary>
    public required string Folder { get; init; }

    /// <summary>Folder with <c>ENGINE/VERSION/recipe.json</c>. Default: the recipes delivered with the program.</summary>
    public string Recipes { get; init; } = Path.Combine(AppContext.BaseDirectory, "engines");
}
