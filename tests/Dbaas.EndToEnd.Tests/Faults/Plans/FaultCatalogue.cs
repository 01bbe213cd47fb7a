using Dbaas.EndToEnd.Tests.Faults.Injections;

namespace Dbaas.EndToEnd.Tests.Faults.Plans;

/// <summary>All faults that can be injected here.</summary>
internal static class FaultCatalogue
{
    private static readonly string[] Only = [""];

    /// <param name="steps">Steps of a create, an update and a deletion, as the service itself listed them.</param>
    public static IReadOnlyList<FaultChoice> All(
        IReadOnlyDictionary<string, IReadOnlyList<string>> steps
    ) =>
        [
            new(_ => new EngineKilled(), Only, Pairs: true, Short: true),
            new(_ => new HostKilled(), Only, Pairs: true, Short: true),
            new(_ => new GatewayKilled(), Only, Pairs: true, Short: true),
            new(_ => new ControlAway(), Only, Pairs: true),
            new(_ => new HostFrozen(), Only, Pairs: true),
            new(_ => new KmsAway(), Only, Pairs: true),
            new(step => new CrashInCreate(step), steps["create"], Pairs: true),
            new(step => new CrashInDelete(step), steps["delete"], Pairs: true),
            new(step => new CrashInResize(step), steps["update"], Pairs: false),
            new(
                step => new CrashInRekey(step),
                // Beyond the new wrapping the change of key is any other change.
                [
                    .. steps["update"]
                        .Take(
                            1 + steps["update"].TakeWhile(step => !step.Contains("rewrap")).Count()
                        ),
                ],
                Pairs: false
            ),
            new(_ => new KeyDisabled(), Only, Pairs: false),
            new(_ => new MetadataKilled(), Only, Pairs: true, Short: true),
            new(_ => new HostUnreachable(), Only, Pairs: true),
            new(_ => new OutOfMemory(), Only, Pairs: false, Short: true),
            new(_ => new VolumeFull(), Only, Pairs: false),
            new(_ => new SlowStorage(), Only, Pairs: false),
            new(_ => new Herd(), Only, Pairs: false),
            new(_ => new ClockJump(), Only, Pairs: false),
            new(_ => new GatewayReloaded(), Only, Pairs: false),
            new(_ => new ShortCertificates(), Only, Pairs: false),
            new(_ => new Replayed(), Only, Pairs: false, Short: true),
        ];
}
