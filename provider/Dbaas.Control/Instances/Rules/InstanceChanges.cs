using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Engines;

namespace Dbaas.Control.Instances.Rules;

/// <summary>
/// The difference between two specifications after normalisation: two spellings of one value, another order of a set and a floor that
/// is already met are no change. Pure.
/// </summary>
internal static class InstanceChanges
{
    public static IReadOnlyList<InstanceChange> Between(
        InstanceSpec before,
        InstanceSpec after,
        IDatabaseEngine engine,
        bool growsOnline = true,
        string actualVersion = ""
    )
    {
        var changes = new List<InstanceChange>();
        var restartSettings = RestartSettings(before, after, engine);

        Plain(changes, "/name", before.Name, after.Name);
        if (before.EngineVersion != after.EngineVersion)
        {
            // A floor above what runs moves the machine to a newer image, for which the engine stops.
            var moves = VersionFloor.Behind(actualVersion, after.EngineVersion);
            changes.Add(
                new(
                    "/engineVersion",
                    before.EngineVersion,
                    after.EngineVersion,
                    moves ? EngineChange.StopStart : null,
                    moves
                )
            );
        }

        // A size restarts the engine only when settings that follow from it do; what the user set himself does not follow.
        var sizeRestarts = restartSettings.Any(name =>
            !after.Parameters.ContainsKey(name) && !before.Parameters.ContainsKey(name)
        );
        if (before.Cpu != after.Cpu)
        {
            changes.Add(
                new(
                    "/cpu",
                    before.Cpu,
                    after.Cpu,
                    EngineChange.ResizeCpu,
                    sizeRestarts && before.MemoryGib == after.MemoryGib
                )
            );
        }

        if (before.MemoryGib != after.MemoryGib)
        {
            changes.Add(
                new(
                    "/memoryGib",
                    before.MemoryGib,
                    after.MemoryGib,
                    EngineChange.ResizeMemory,
                    sizeRestarts
                )
            );
        }

        if (before.StorageGib != after.StorageGib)
        {
            changes.Add(
                new(
                    "/storageGib",
                    before.StorageGib,
                    after.StorageGib,
                    growsOnline ? EngineChange.GrowStorage : EngineChange.StopStart,
                    !growsOnline
                )
            );
        }

        if (before.KmsKeyId != after.KmsKeyId)
        {
            // Only the wrapping changes; the engine does not notice.
            changes.Add(
                new(
                    "/kmsKeyId",
                    before.KmsKeyId,
                    after.KmsKeyId,
                    EngineChange.ParametersLive,
                    false
                )
            );
        }

        if (
            !SameSet(
                before.AllowedCidrs.Select(Networks.Canonical),
                after.AllowedCidrs.Select(Networks.Canonical)
            )
        )
        {
            changes.Add(
                new(
                    "/allowedCidrs",
                    List(before.AllowedCidrs),
                    List(after.AllowedCidrs),
                    EngineChange.ParametersLive,
                    false
                )
            );
        }

        Parameters(changes, before, after, engine);
        if (!SameSet(before.Databases, after.Databases))
        {
            var added = after.Databases.Except(before.Databases).Any();
            changes.Add(
                new(
                    "/databases",
                    List(before.Databases),
                    List(after.Databases),
                    added ? EngineChange.ParametersLive : null,
                    false
                )
            );
        }

        if (before.MaintenanceWindow != after.MaintenanceWindow)
        {
            changes.Add(
                new(
                    "/maintenanceWindow",
                    Node(before.MaintenanceWindow),
                    Node(after.MaintenanceWindow),
                    null,
                    false
                )
            );
        }

        Plain(changes, "/changePolicy", before.ChangePolicy, after.ChangePolicy);
        if (before.DeletionProtection != after.DeletionProtection)
        {
            changes.Add(
                new(
                    "/deletionProtection",
                    before.DeletionProtection,
                    after.DeletionProtection,
                    null,
                    false
                )
            );
        }

        Tags(changes, before, after);
        return changes;
    }

    /// <summary>Settings whose effective value differs and that take effect only with a restart.</summary>
    public static IReadOnlyList<string> RestartSettings(
        InstanceSpec before,
        InstanceSpec after,
        IDatabaseEngine engine
    )
    {
        var catalogue = engine.Catalogue(after.EngineVersion).Parameters;
        var old = engine.EffectiveSettings(before.EngineVersion, before.Size(), before.Parameters);
        var next = engine.EffectiveSettings(after.EngineVersion, after.Size(), after.Parameters);
        return
        [
            .. old
                .Keys.Union(next.Keys)
                .Where(name => old.GetValueOrDefault(name) != next.GetValueOrDefault(name))
                .Where(name =>
                    catalogue.TryGetValue(name, out var parameter) && parameter.RestartRequired
                )
                .Order(StringComparer.Ordinal),
        ];
    }

    private static void Parameters(
        List<InstanceChange> changes,
        InstanceSpec before,
        InstanceSpec after,
        IDatabaseEngine engine
    )
    {
        var catalogue = engine.Catalogue(after.EngineVersion).Parameters;
        foreach (
            var name in before
                .Parameters.Keys.Union(after.Parameters.Keys)
                .Order(StringComparer.Ordinal)
        )
        {
            var old = before.Parameters.GetValueOrDefault(name);
            var next = after.Parameters.GetValueOrDefault(name);
            if (
                old is not null
                && next is not null
                && engine.Normalise(after.EngineVersion, name, old)
                    == engine.Normalise(after.EngineVersion, name, next)
            )
            {
                continue;
            }

            var restart =
                catalogue.TryGetValue(name, out var parameter) && parameter.RestartRequired;
            changes.Add(
                new(
                    Pointers.Of("parameters", name),
                    old,
                    next,
                    restart ? EngineChange.Restart : EngineChange.ParametersLive,
                    restart
                )
            );
        }
    }

    private static void Tags(List<InstanceChange> changes, InstanceSpec before, InstanceSpec after)
    {
        foreach (var key in before.Tags.Keys.Union(after.Tags.Keys).Order(StringComparer.Ordinal))
        {
            var old = before.Tags.GetValueOrDefault(key);
            var next = after.Tags.GetValueOrDefault(key);
            if (old != next)
            {
                changes.Add(new(Pointers.Of("tags", key), old, next, null, false));
            }
        }
    }

    private static void Plain(
        List<InstanceChange> changes,
        string pointer,
        string before,
        string after
    )
    {
        if (before != after)
        {
            changes.Add(new(pointer, before, after, null, false));
        }
    }

    private static bool SameSet(IEnumerable<string> one, IEnumerable<string> other) =>
        one.ToHashSet(StringComparer.Ordinal).SetEquals(other);

    private static JsonArray List(IEnumerable<string> values) =>
        new([.. values.Select(value => (JsonNode?)value)]);

    private static JsonNode? Node(MaintenanceWindow window) =>
        JsonSerializer.SerializeToNode(window, InstanceJson.Default.MaintenanceWindow);
}
