namespace Dbaas.Host.Images;

/// <summary>What <c>image.json</c> holds. Its presence is what makes a folder an image.</summary>
internal sealed record ImageRecord
{
    public required string Id { get; init; }
    public required string Engine { get; init; }
    public required string Version { get; init; }

    /// <summary>SHA-256 of the recipe's text: an edited recipe asks for a new image.</summary>
    public required string RecipeHash { get; init; }

    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>Wall time of the build in seconds.</summary>
    public required double BuildSeconds { get; init; }

    public required SortedDictionary<string, string> Packages { get; init; }
}
