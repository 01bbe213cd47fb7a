using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pulumi;

namespace Dbaas.Stacks.Settings;

/// <summary>
/// Reads a stack's configuration and gathers everything that is wrong with it, so that one preview tells it all. Each fault names the key and
/// what to write.
/// </summary>
public sealed class StackSettings(Config config)
{
    private readonly List<string> _faults = [];

    /// <summary>The key as `pulumi config set` takes it.</summary>
    /// <param name="key">Key below the project's name.</param>
    public static string FullKey(string key) => $"{Deployment.Instance.ProjectName}:{key}";

    /// <summary>A text that must be there.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="pattern">Regular expression for the whole text.</param>
    /// <param name="meaning">What to write, e.g. "an https URL".</param>
    public string Required(string key, string pattern, string meaning) =>
        Checked(key, config.Get(key) ?? "", pattern, meaning);

    /// <summary>A text with a default.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="fallback">What an absent key means.</param>
    /// <param name="pattern">Regular expression for the whole text.</param>
    /// <param name="meaning">What to write.</param>
    public string Text(string key, string fallback, string pattern, string meaning) =>
        Checked(key, config.Get(key) ?? fallback, pattern, meaning);

    /// <summary>A whole number with a default.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="fallback">What an absent key means.</param>
    /// <param name="minimum">Inclusive.</param>
    /// <param name="maximum">Inclusive.</param>
    /// <param name="unit">Unit of the number, e.g. GiB.</param>
    public int Number(string key, int fallback, int minimum, int maximum, string unit)
    {
        var text = config.Get(key);
        if (text is null)
        {
            return fallback;
        }

        if (
            int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
        )
        {
            return number;
        }

        Fault(key, $"a whole number of {unit}, {minimum} to {maximum}");
        return fallback;
    }

    /// <summary>A truth value with a default.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="fallback">What an absent key means.</param>
    public bool Flag(string key, bool fallback)
    {
        var text = config.Get(key);
        if (text is null or "true" or "false")
        {
            return text is null ? fallback : text == "true";
        }

        Fault(key, "true or false");
        return fallback;
    }

    /// <summary>A list of texts.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="fallback">What an absent key means.</param>
    /// <param name="pattern">Regular expression for each whole text.</param>
    /// <param name="meaning">What to write, e.g. "a list of networks".</param>
    public ImmutableArray<string> List(
        string key,
        ImmutableArray<string> fallback,
        string pattern,
        string meaning
    )
    {
        if (config.Get(key) is null)
        {
            return fallback;
        }

        var items = config.GetObject<string[]>(key) ?? [];
        if (items.Length == 0 || !items.All(item => Matches(item, pattern)))
        {
            Fault(key, meaning);
        }

        return [.. items];
    }

    /// <summary>A secret that must be there. It stays one in every output it goes into.</summary>
    /// <param name="key">Key below the project's name.</param>
    public Output<string> Secret(string key)
    {
        if (config.GetSecret(key) is { } secret)
        {
            return secret;
        }

        _faults.Add(
            $"{FullKey(key)} is missing: draw it with stacks/new-secrets, or `pulumi config set --secret {FullKey(key)}`."
        );
        return Output.CreateSecret("");
    }

    /// <summary>Several secrets under one key. They stay secret in every output they go into.</summary>
    /// <param name="key">Key below the project's name.</param>
    /// <param name="names">Entries that must be there.</param>
    public Output<ImmutableDictionary<string, string>> Secrets(string key, params string[] names) =>
        Secret(key)
            .Apply(json =>
            {
                var entries =
                    json.Length == 0
                        ? null
                        : JsonSerializer.Deserialize<ImmutableDictionary<string, string>>(json);
                var missing = names.Where(name =>
                    string.IsNullOrEmpty(entries?.GetValueOrDefault(name))
                );
                var fault = $"{FullKey(key)} lacks {string.Join(", ", missing)}.";
                return missing.Any() ? throw new StackSettingsException([fault]) : entries!;
            });

    /// <summary>The regions of a platform; at least one.</summary>
    /// <param name="key">Key below the project's name.</param>
    public ImmutableArray<PlatformRegion> Regions(string key)
    {
        ImmutableArray<PlatformRegion> regions = [.. config.GetObject<PlatformRegion[]>(key) ?? []];
        Rule(regions.Length > 0, $"{FullKey(key)}: name at least one region.");
        Rule(
            regions.Select(region => region.Name).Distinct(StringComparer.Ordinal).Count()
                == regions.Length,
            $"{FullKey(key)}: name each region once."
        );
        foreach (var (region, index) in regions.Select((region, index) => (region, index)))
        {
            var path = $"{key}[{index}]";
            Checked($"{path}.name", region.Name, Patterns.Name, "a region, e.g. eu-a");
            Checked(
                $"{path}.kmsEndpoint",
                region.KmsEndpoint,
                "https://[^\\s/]+/?",
                "the https URL of the region's key service"
            );
            Checked(
                $"{path}.hostNetwork",
                region.HostNetwork,
                Patterns.Network,
                "the network of the region's hosts, e.g. 10.20.0.0/16"
            );
            Checked(
                $"{path}.hostPrincipal",
                region.HostPrincipal,
                "arn:[^\\s]+",
                "the ARN the region's hosts have at the key service"
            );
        }

        return regions;
    }

    /// <summary>A rule between several settings.</summary>
    /// <param name="holds">Whether it holds.</param>
    /// <param name="fault">What is wrong and what to write instead.</param>
    public void Rule(bool holds, string fault)
    {
        if (!holds)
        {
            _faults.Add(fault);
        }
    }

    /// <summary>Ends the run with all faults before anything is declared.</summary>
    /// <exception cref="StackSettingsException">Something is wrong.</exception>
    public void ThrowIfWrong()
    {
        if (_faults.Count > 0)
        {
            throw new StackSettingsException(_faults);
        }
    }

    private string Checked(string key, string value, string pattern, string meaning)
    {
        if (!Matches(value, pattern))
        {
            Fault(key, meaning);
        }

        return value;
    }

    // The value itself is not repeated: a key that was set without --secret by mistake must not reach the log of a pipeline.
    private void Fault(string key, string meaning) =>
        _faults.Add($"{FullKey(key)}: write {meaning}.");

    private static bool Matches(string text, string pattern) =>
        Regex.IsMatch(
            text,
            $"^(?:{pattern})$",
            RegexOptions.CultureInvariant,
            TimeSpan.FromSeconds(1)
        );
}
