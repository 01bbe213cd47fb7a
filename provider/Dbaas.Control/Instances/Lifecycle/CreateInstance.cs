using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Instances.Lifecycle;

internal sealed class CreateInstance(
    InstanceStore store,
    TimeProvider time,
    ReserveRows reserveRows,
    EnsureImage ensureImage,
    WrapDataKey wrapDataKey,
    CreateVolume createVolume,
    OpenVolume openVolume,
    CreateMachine createMachine,
    StartMachine startMachine,
    EnsureStoreUser ensureStoreUser,
    IssueCertificates issueCertificates,
    StartEngine startEngine,
    OpenEndpoint openEndpoint,
    VerifyEndpoint verifyEndpoint,
    FinishRunning finish
) : InstanceWorkflow(store, time)
{
    public override string Kind => InstanceKinds.Create;

    public override Recovery Recovery => Recovery.Undo;

    /// <summary>The first instance of an engine waits for its image.</summary>
    public override TimeSpan Deadline => TimeSpan.FromMinutes(12);

    protected override IReadOnlyList<IStep<InstanceState>> Steps { get; } =
    [
        reserveRows,
        ensureImage,
        wrapDataKey,
        createVolume,
        openVolume,
        createMachine,
        startMachine,
        ensureStoreUser,
        issueCertificates,
        startEngine,
        openEndpoint,
        verifyEndpoint,
        finish,
    ];
}
