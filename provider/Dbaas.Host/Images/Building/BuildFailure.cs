using System.Text.RegularExpressions;

namespace Dbaas.Host.Images.Building;

/// <summary>Turns the output of a failed build into the reason an operator needs.</summary>
internal static partial class BuildFailure
{
    public static ImageException Explain(ImageRecipe recipe, IReadOnlyList<string> log)
    {
        var subject = $"{recipe.Engine} {recipe.Version}".TrimEnd();
        foreach (var line in log)
        {
            if (MissingPackage().Match(line) is { Success: true } missing)
            {
                return new(
                    "image.package_missing",
                    $"Image {subject}: package {missing.Groups["name"].Value} is not in suite {recipe.Suite}. "
                        + "Correct the recipe's packages, or add a repository that has it to its mirrors.",
                    retryable: false
                );
            }
        }
        if (log.FirstOrDefault(line => Unreachable().IsMatch(line)) is { } network)
        {
            return new(
                "image.mirror_unreachable",
                $"Image {subject}: the package repositories cannot be reached ({network.Trim()}). "
                    + "Check the network, or name a mirror in the recipe.",
                retryable: true
            );
        }
        var last = log.Where(line =>
                !line.StartsWith("I: ", StringComparison.Ordinal)
                && !string.IsNullOrWhiteSpace(line)
            )
            .TakeLast(5);
        return new(
            "image.build_failed",
            $"Image {subject} was not built: {string.Join(" | ", last)}",
            retryable: true
        );
    }

    [GeneratedRegex(
        "^E: (Unable to locate package (?<name>\\S+)|Package '(?<name>[^']+)' has no installation candidate|"
            + "Couldn't find any package by (regex|glob) '(?<name>[^']+)')"
    )]
    private static partial Regex MissingPackage();

    [GeneratedRegex(
        "Temporary failure resolving|Could not resolve|Could not connect|Connection (failed|refused|timed out)|"
            + "Network is unreachable|Failed to fetch|Unable to fetch|Unable to connect",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Unreachable();
}
