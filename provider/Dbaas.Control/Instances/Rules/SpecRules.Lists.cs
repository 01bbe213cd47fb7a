using System.Text.RegularExpressions;
using Dbaas.Client.Instances;
using Dbaas.Engines;

namespace Dbaas.Control.Instances.Rules;

internal static partial class SpecRules
{
    /// <summary>
    /// As in schema.json. ASCII only: then no two names look alike, none changes under normalisation, and bytes are characters.
    /// </summary>
    private const string DatabaseName = "^[A-Za-z_][A-Za-z0-9_$-]{0,62}$";

    private static IReadOnlyDictionary<string, string> ParametersOf(
        IReadOnlyDictionary<string, string> parameters,
        RuleSheet sheet
    )
    {
        if (parameters.Count > MaximumParameters)
        {
            sheet.Error(
                "/parameters",
                InstanceProblems.Parameter,
                $"{parameters.Count} parameters are too many.",
                $"at most {MaximumParameters}"
            );
        }

        return parameters;
    }

    private static IReadOnlyList<string> CidrsOf(IReadOnlyList<string> cidrs, RuleSheet sheet)
    {
        if (cidrs.Count > MaximumCidrs)
        {
            sheet.Error(
                "/allowedCidrs",
                InstanceProblems.Cidr,
                $"{cidrs.Count} networks are too many.",
                $"at most {MaximumCidrs}"
            );
            return cidrs;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cidrs.Count; i++)
        {
            var pointer = Pointers.Of("allowedCidrs", i);
            if (Networks.Refuse(cidrs[i]) is { } reason)
            {
                sheet.Error(pointer, InstanceProblems.Cidr, reason, "for example 10.1.0.0/16");
            }
            else if (!seen.Add(Networks.Canonical(cidrs[i])))
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Cidr,
                    "The network is listed twice.",
                    "each network once"
                );
            }
            else if (Networks.IsEverybody(cidrs[i]))
            {
                sheet.Warning(
                    pointer,
                    InstanceProblems.CidrOpen,
                    "This network lets everybody reach the login.",
                    "the networks of your clients"
                );
            }
        }

        return cidrs;
    }

    private static IReadOnlyList<string> DatabasesOf(
        IReadOnlyList<string> databases,
        InstanceSpec? current,
        IDatabaseEngine? engine,
        RuleSheet sheet
    )
    {
        if (databases.Count > MaximumDatabases)
        {
            sheet.Error(
                "/databases",
                InstanceProblems.Database,
                $"{databases.Count} databases are too many.",
                $"at most {MaximumDatabases}"
            );
            return databases;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < databases.Count; i++)
        {
            var pointer = Pointers.Of("databases", i);
            // What stands already stays as it is, whatever the rule was when it was made.
            if (
                !DatabaseNamePattern().IsMatch(databases[i])
                && current?.Databases.Contains(databases[i]) != true
            )
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Database,
                    "A database's name has 1 to 63 letters, digits, underscores, hyphens or dollar signs and starts with a letter or underscore.",
                    DatabaseName
                );
            }
            else if (engine?.RefuseDatabaseName(databases[i]) is { } reason)
            {
                sheet.Error(pointer, InstanceProblems.Database, reason);
            }
            else if (!seen.Add(databases[i]))
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Database,
                    "The name is listed twice.",
                    "each name once"
                );
            }
        }

        foreach (var gone in (current?.Databases ?? []).Where(name => !databases.Contains(name)))
        {
            if (!sheet.IsUnknown("/databases"))
            {
                sheet.Warning(
                    "/databases",
                    InstanceProblems.DatabaseKept,
                    $"\"{gone}\" is no longer listed. It stays with all its data; taking a name out drops nothing."
                );
            }
        }

        return databases;
    }

    // \z and not $: a trailing line feed is no part of a name.
    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_$-]{0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex DatabaseNamePattern();

    private static MaintenanceWindow WindowOf(
        MaintenanceWindow? wanted,
        InstanceSpec? current,
        RuleSurroundings around,
        RuleSheet sheet
    )
    {
        if (wanted is null)
        {
            return current?.MaintenanceWindow ?? MaintenanceWindows.Default(around.Id);
        }

        if (!MaintenanceWindows.Days.Contains(wanted.Day))
        {
            sheet.Error(
                "/maintenanceWindow/day",
                InstanceProblems.Window,
                "This is no day of the week.",
                string.Join(", ", MaintenanceWindows.Days)
            );
        }

        if (!TimeOnly.TryParseExact(wanted.StartTime, "HH:mm", out _))
        {
            sheet.Error(
                "/maintenanceWindow/startTime",
                InstanceProblems.Window,
                "This is no time of day.",
                "HH:MM, 00:00 to 23:59, UTC"
            );
        }

        var minutes = wanted.DurationMinutes ?? MaintenanceWindows.DefaultMinutes;
        if (minutes is < 30 or > 1440)
        {
            sheet.Error(
                "/maintenanceWindow/durationMinutes",
                InstanceProblems.Window,
                $"{minutes} minutes is outside 30 to 1440.",
                "30 to 1440"
            );
        }

        return wanted with
        {
            DurationMinutes = minutes,
        };
    }

    private static string PolicyOf(string policy, RuleSheet sheet)
    {
        if (policy is not ("immediate" or "window"))
        {
            sheet.Error(
                "/changePolicy",
                InstanceProblems.Policy,
                "There is no such change policy.",
                "immediate, window"
            );
        }

        return policy;
    }

    private static IReadOnlyDictionary<string, string> TagsOf(
        IReadOnlyDictionary<string, string> tags,
        RuleSheet sheet
    )
    {
        if (tags.Count > MaximumTags)
        {
            sheet.Error(
                "/tags",
                InstanceProblems.Tag,
                $"{tags.Count} tags are too many.",
                $"at most {MaximumTags}"
            );
            return tags;
        }

        foreach (var (key, value) in tags)
        {
            var pointer = Pointers.Of("tags", key);
            if (key.Length is 0 or > 128)
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Tag,
                    "A tag's key has 1 to 128 characters.",
                    "1 to 128 characters"
                );
            }
            else if (
                key.StartsWith("dbaas:", StringComparison.OrdinalIgnoreCase)
                || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)
            )
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Tag,
                    "Keys that begin with dbaas: or aws: are reserved.",
                    "another prefix"
                );
            }
            else if (value is null || value.Length > 256)
            {
                sheet.Error(
                    pointer,
                    InstanceProblems.Tag,
                    "A tag's value has up to 256 characters.",
                    "up to 256 characters"
                );
            }
        }

        return tags;
    }
}
