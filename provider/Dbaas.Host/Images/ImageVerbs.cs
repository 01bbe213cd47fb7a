using System.Globalization;
using Dbaas.Protocol.Host;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dbaas.Host.Images;

/// <summary>
/// <c>Dbaas.Host image ensure --engine E [--version V] --store DIR [--recipes DIR] [--refresh]</c> and
/// <c>Dbaas.Host image list --store DIR</c>. Progress goes to standard error, results to standard output.
/// </summary>
internal static class ImageVerbs
{
    /// <param name="arguments">What follows the word <c>image</c>.</param>
    /// <param name="output">Ids and tables.</param>
    /// <param name="error">Progress and errors.</param>
    /// <param name="time">Dates builds and paces waits.</param>
    /// <param name="cancellationToken">Ends a build; nothing of it is left.</param>
    /// <returns>0, 1 when a build failed, 2 when the arguments are wrong.</returns>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments,
        TextWriter output,
        TextWriter error,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (arguments.Count == 0 || Options([.. arguments.Skip(1)]) is not { } options)
        {
            return await UsageAsync(error);
        }
        if (!options.TryGetValue("store", out var folder))
        {
            return await UsageAsync(error);
        }
        var settings = new ImageStoreOptions { Folder = Path.GetFullPath(folder) };
        if (options.TryGetValue("recipes", out var recipes))
        {
            settings = settings with { Recipes = Path.GetFullPath(recipes) };
        }
        var store = new ImageStore(settings, time, NullLogger<ImageStore>.Instance);
        return arguments[0] switch
        {
            "list" => await ListAsync(store, output),
            "ensure" when options.TryGetValue("engine", out var engine) => await EnsureAsync(
                store,
                engine,
                options.GetValueOrDefault("version", ""),
                options.ContainsKey("refresh"),
                output,
                error,
                cancellationToken
            ),
            _ => await UsageAsync(error),
        };
    }

    private static async Task<int> EnsureAsync(
        ImageStore store,
        string engine,
        string version,
        bool refresh,
        TextWriter output,
        TextWriter error,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var image = await store.EnsureAsync(
                engine,
                version,
                refresh,
                new ProgressLines(error),
                cancellationToken
            );
            await output.WriteLineAsync(image.Id);
            return 0;
        }
        catch (ImageException exception)
        {
            await error.WriteLineAsync($"{exception.Code}: {exception.Message}");
            return 1;
        }
    }

    private static async Task<int> ListAsync(ImageStore store, TextWriter output)
    {
        foreach (var image in store.List())
        {
            await output.WriteLineAsync(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{image.Id}  {image.Engine} {image.Version}  {image.EngineVersion}  {image.BuiltAt:u}  {image.Packages.Count} packages"
                )
            );
        }
        return 0;
    }

    /// <summary>Name → value; a name without a value is a switch. Null when a word is no option.</summary>
    private static Dictionary<string, string>? Options(IReadOnlyList<string> words)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Count; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                return null;
            }
            var takesValue = words[i] is "--engine" or "--version" or "--store" or "--recipes";
            if (takesValue && i + 1 == words.Count || !takesValue && words[i] != "--refresh")
            {
                return null;
            }
            options[words[i][2..]] = takesValue ? words[++i] : "";
        }
        return options;
    }

    private static async Task<int> UsageAsync(TextWriter error)
    {
        await error.WriteLineAsync(
            """
            image ensure --engine NAME [--version MAJOR] --store DIR [--recipes DIR] [--refresh]
            image list --store DIR
            """
        );
        return 2;
    }

    /// <summary>Writes at once and in order; <see cref="Progress{T}"/> would do neither.</summary>
    private sealed class ProgressLines(TextWriter writer) : IProgress<ImageProgress>
    {
        public void Report(ImageProgress value) =>
            writer.WriteLine($"{value.Stage}: {value.Message}");
    }
}
