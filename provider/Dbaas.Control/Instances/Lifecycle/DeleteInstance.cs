using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>
/// Keys first, then data, then proof. It only goes forwards: half a deletion is finished by the next. No engine is asked to stop in
/// order: once no client gets in, its machine is ended (ADR 0156).
/// </summary>
internal sealed class DeleteInstance(
    InstanceStore store,
    TimeProvider time,
    CloseEndpoint closeEndpoint,
    StopMachine stopEngine,
    DestroyMachine destroyMachine,
    ShredKeys shredKeys,
    DestroyVolume destroyVolume,
    RemoveStoreUser removeStoreUser,
    ProveDeletion finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Delete;

    public override Recovery Recovery => Recovery.Stay;

    public override TimeSpan Deadline => TimeSpan.FromMinutes(15);

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [closeEndpoint, destroyMachine, shredKeys, destroyVolume, removeStoreUser, finish];

    protected override IReadOnlyList<IStep<InstanceState>> Retired { get; } = [stopEngine];
}
