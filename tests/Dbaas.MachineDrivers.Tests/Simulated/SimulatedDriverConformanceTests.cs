using Dbaas.Control.Machines;
using Dbaas.Control.Machines.Simulated;
using Dbaas.MachineDrivers.Tests.Conformance;
using Dbaas.Protocol.Host;
using Google.Protobuf;

namespace Dbaas.MachineDrivers.Tests.Simulated;

public sealed class SimulatedDriverConformanceTests : MachineDriverConformance
{
    private readonly SimulatedMachineDriver _driver = new(
        new SimulatedMachineOptions(),
        new SimulatedFaults()
    );

    protected override IMachineDriver Driver => _driver;

    protected override string Region => "local-a";

    protected override string Address => "127.250.0.9";

    protected override Task<WrappedKey> KeyAsync(Owner owner, string volume) =>
        Task.FromResult(new WrappedKey { Ciphertext = ByteString.CopyFromUtf8("wrapped") });
}
