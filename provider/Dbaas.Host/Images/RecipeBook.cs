using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Dbaas.Host.Images;

/// <summary>Finds and checks recipes. Reads the file each time: an operator may edit it while the host runs.</summary>
internal sealed partial class RecipeBook(ImageStoreOptions options)
{
    /// <exception cref="ImageException">There is no such recipe, or it is malformed.</exception>
    public (ImageRecipe Recipe, string Hash) Read(string engine, string version)
    {
        // Engine and version come over the wire and become a path.
        if (!Name().IsMatch(engine) || (version.Length > 0 && !Name().IsMatch(version)))
        {
            throw Unknown(engine, version);
        }
        var path = Path.Combine(options.Recipes, engine, version, "recipe.json");
        byte[] text;
        try
        {
            text = File.ReadAllBytes(path);
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Unknown(engine, version);
        }
        try
        {
            var recipe =
                JsonSerializer.Deserialize(text, ImagesJson.Default.ImageRecipe)
                ?? throw new JsonException("the file is empty");
            Check(recipe, engine, version);
            return (recipe, Convert.ToHexStringLower(SHA256.HashData(text)));
        }
        catch (JsonException exception)
        {
            throw new ImageException(
                "image.recipe_invalid",
                $"{path}: {exception.Message}",
                retryable: false
            );
        }
    }

    private static void Check(ImageRecipe recipe, string engine, string version)
    {
        if (recipe.Engine != engine || recipe.Version != version)
        {
            throw new JsonException(
                $"it is a recipe for {recipe.Engine} {recipe.Version}, not for {engine} {version}"
            );
        }
        if (recipe.Packages.Count == 0)
        {
            throw new JsonException("packages must name at least one package");
        }
        foreach (var file in recipe.FilesBefore.Concat(recipe.FilesAfter))
        {
            if (!file.Path.StartsWith('/') || file.Path.Split('/').Contains(".."))
            {
                throw new JsonException($"file path {file.Path} must be absolute, without ..");
            }
            if (!Octal().IsMatch(file.Mode))
            {
                throw new JsonException($"mode {file.Mode} of {file.Path} must be like 0644");
            }
        }
    }

    private ImageException Unknown(string engine, string version) =>
        new(
            "image.recipe_unknown",
            $"There is no recipe for {engine} {version} in {options.Recipes}.",
            retryable: false
        );

    [GeneratedRegex(@"^[a-z0-9][a-z0-9.-]{0,31}\z")]
    private static partial Regex Name();

    [GeneratedRegex("^0[0-7]{3}$")]
    private static partial Regex Octal();
}
