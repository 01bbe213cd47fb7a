using System.Text.RegularExpressions;
using Dbaas.Client.Instances;
using Dbaas.Engines;

namespace Dbaas.Control.Instances.Rules;

/// <summary>
/// Fills in defaults and judges every input. Pure: the dry run and the real thing call the same method, so that a plan tells the truth.
/// </summary>
internal static partial class SpecRules
{
    public const int MaximumTags = 50;
    public const int MaximumCidrs = 100;
    public const int MaximumDatabases = 200;
    public const int MaximumParameters = 200;

    /// <param name="wanted">As sent; absent members are null.</param>
    /// <param name="current">What the instance is now; null for a create.</param>
    /// <param name="around">Engines, regions and what is unknown yet.</param>
    public static ResolvedSpec Resolve(
        InstanceInputs wanted,
        InstanceSpec? current,
        RuleSurroundings around
    )
    {
        var sheet = new RuleSheet(around.Unknown);
        var engine = EngineOf(wanted, current, around, sheet);
        var version = VersionOf(wanted, current, engine, around, sheet);
        var spec = new InstanceSpec
        {
            Name = NameOf(wanted, current, sheet),
            Engine = engine?.Name ?? wanted.Engine ?? "",
            EngineVersion = version,
            Region = RegionOf(wanted, current, around, sheet),
            Cpu = Number(wanted.Cpu ?? 1, 0.25, 64, "/cpu", InstanceProblems.Cpu, "cores", sheet),
            MemoryGib = MemoryOf(wanted, engine, version, sheet),
            StorageGib = StorageOf(wanted, current, sheet),
            KmsKeyId = wanted.KmsKeyId ?? current?.KmsKeyId ?? "",
            AllowedCidrs = CidrsOf(wanted.AllowedCidrs ?? [], sheet),
            Parameters = ParametersOf(wanted.Parameters ?? new Dictionary<string, string>(), sheet),
            Databases = DatabasesOf(wanted.Databases ?? [], current, engine, sheet),
            MaintenanceWindow = WindowOf(wanted.MaintenanceWindow, current, around, sheet),
            ChangePolicy = PolicyOf(wanted.ChangePolicy ?? "immediate", sheet),
            DeletionProtection = wanted.DeletionProtection ?? true,
            Tags = TagsOf(wanted.Tags ?? new Dictionary<string, string>(), sheet),
        };
        if (
            engine is not null
            && !sheet.HasAny("/engineVersion", "/memoryGib", "/cpu", "/parameters")
            && !sheet.IsUnknown("/parameters")
        )
        {
            foreach (
                var problem in engine.ValidateParameters(
                    spec.EngineVersion,
                    spec.Size(),
                    spec.Parameters
                )
            )
            {
                sheet.Error(
                    Pointers.Of("parameters", problem.Name),
                    problem.Code,
                    problem.Message,
                    problem.Allowed
                );
            }
        }

        return new ResolvedSpec(spec, sheet.Errors, sheet.Warnings);
    }

    private static string NameOf(InstanceInputs wanted, InstanceSpec? current, RuleSheet sheet)
    {
        if ((wanted.Name ?? current?.Name) is not { } name)
        {
            sheet.Error(
                "/name",
                "json.required",
                "An instance needs a name.",
                NamePattern().ToString()
            );
            return "";
        }

        if (!NamePattern().IsMatch(name))
        {
            sheet.Error(
                "/name",
                InstanceProblems.Name,
                "A name has 1 to 63 lower-case letters, digits and single hyphens, starts with a letter and ends with a letter or digit.",
                "^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,62}$"
            );
        }
        else if (ReservedNames.Contains(name))
        {
            sheet.Error("/name", InstanceProblems.NameReserved, $"The name {name} is reserved.");
        }

        return name;
    }

    private static IDatabaseEngine? EngineOf(
        InstanceInputs wanted,
        InstanceSpec? current,
        RuleSurroundings around,
        RuleSheet sheet
    )
    {
        var allowed = string.Join(", ", around.Engines.All.Select(engine => engine.Name));
        if ((wanted.Engine ?? current?.Engine) is not { } name)
        {
            sheet.Error("/engine", "json.required", "An instance needs an engine.", allowed);
            return null;
        }

        if (current is not null && name != current.Engine)
        {
            sheet.Error(
                "/engine",
                InstanceProblems.Immutable,
                "The engine cannot be changed. Create a second instance with the other engine and move the data with its own tools.",
                current.Engine
            );
            return around.Engines.Find(current.Engine);
        }

        var engine = around.Engines.Find(name);
        if (engine is null)
        {
            sheet.Error("/engine", InstanceProblems.Engine, "There is no such engine.", allowed);
        }

        return engine;
    }

    private static string VersionOf(
        InstanceInputs wanted,
        InstanceSpec? current,
        IDatabaseEngine? engine,
        RuleSurroundings around,
        RuleSheet sheet
    )
    {
        if (engine is null)
        {
            return wanted.EngineVersion ?? "";
        }

        var version =
            wanted.EngineVersion
            ?? current?.EngineVersion
            ?? engine.Versions.First(candidate => candidate.Default).Major;
        // What runs goes on after its end of life; nothing new begins there.
        var offered = engine.Versions.Where(candidate =>
            current is not null || !(candidate.EndOfLife < around.Today)
        );
        var allowed = string.Join(", ", offered.Select(candidate => candidate.Major));
        var match = VersionPattern().Match(version);
        var major = engine.MajorOf(version);
        var known = engine.Versions.Any(candidate => candidate.Major == major);
        if (!match.Success || (!known && major != current?.Major()))
        {
            sheet.Error(
                "/engineVersion",
                InstanceProblems.Version,
                $"{engine.DisplayName} has no such version here.",
                allowed
            );
        }
        else if (current is null && offered.All(candidate => candidate.Major != major))
        {
            sheet.Error(
                "/engineVersion",
                InstanceProblems.Version,
                $"{engine.DisplayName} {major} has reached its end of life; new instances need a version that still gets corrections.",
                allowed
            );
        }
        else if (current is not null && major != current.Major())
        {
            var older = Older(major, current.Major());
            sheet.Error(
                "/engineVersion",
                older ? InstanceProblems.Downgrade : InstanceProblems.Upgrade,
                older
                    ? $"The instance runs version {current.Major()}; it never goes back to an older major."
                    : $"The instance runs version {current.Major()}; major upgrades are not available yet. Create an instance of version {major} and move the data with {engine.CopyTools}.",
                current.Major()
            );
        }
        else if (version != major && version != current?.EngineVersion)
        {
            // Before there is any image the newest minor known is the one the catalogue was read from.
            var newest = VersionFloor.Newer(around.ActualVersion, around.NewestImage);
            newest = newest.Length > 0 ? newest : engine.Catalogue(major).ReadFrom;
            if (VersionFloor.Behind(newest, version))
            {
                sheet.Error(
                    "/engineVersion",
                    InstanceProblems.Minor,
                    $"The newest {major} available is {newest}. An administrator makes newer images with: dbaas host image refresh.",
                    $"{major}, up to {newest}"
                );
            }
        }

        return version;
    }

    /// <summary>Compares versions of one engine number by number; 9.10 is newer than 9.7, and 18 is as old as 18.0.</summary>
    private static bool Older(string left, string right) =>
        System.Version.TryParse(
            left.Contains('.', StringComparison.Ordinal) ? left : $"{left}.0",
            out var first
        )
        && System.Version.TryParse(
            right.Contains('.', StringComparison.Ordinal) ? right : $"{right}.0",
            out var second
        )
        && first < second;

    private static string RegionOf(
        InstanceInputs wanted,
        InstanceSpec? current,
        RuleSurroundings around,
        RuleSheet sheet
    )
    {
        var region =
            wanted.Region ?? current?.Region ?? (around.Regions.Count > 0 ? around.Regions[0] : "");
        if (current is not null && region != current.Region)
        {
            sheet.Error(
                "/region",
                InstanceProblems.Immutable,
                "The region cannot be changed in place. Create an instance in the other region and move the data.",
                current.Region
            );
        }
        else if (current is null && !around.Regions.Contains(region))
        {
            sheet.Error(
                "/region",
                InstanceProblems.Region,
                "There is no such region.",
                string.Join(", ", around.Regions)
            );
        }

        return region;
    }

    [GeneratedRegex("^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,62}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex NamePattern();

    [GeneratedRegex("^[1-9][0-9]{0,3}(?:\\.[0-9]{1,4}){0,2}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex VersionPattern();
}
