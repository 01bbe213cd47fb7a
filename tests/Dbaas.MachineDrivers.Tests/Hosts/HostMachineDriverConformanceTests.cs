using Dbaas.Control.Machines;
using Dbaas.MachineDrivers.Tests.Conformance;
using Dbaas.Protocol.Host;

namespace Dbaas.MachineDrivers.Tests.Hosts;

/// <summary>The driver of plain Linux hosts with a host's own program behind it: real kernel, real agent, real keys.</summary>
[Trait("Needs", "engine")]
public sealed class HostMachineDriverConformanceTests(RunningHost host)
    : MachineDriverConformance,
        IClassFixture<RunningHost>,
        IAsyncLifetime
{
    protected override IMachineDriver Driver => host.Driver;

    protected override string Region => RunningHost.Region;

    protected override string Address => TestRange.Endpoints + ".0.9";

    protected override Task<WrappedKey> KeyAsync(Owner owner, string volume) =>
        host.Keys.WrapAsync(owner);

    public async ValueTask InitializeAsync() => await host.EnsureAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
