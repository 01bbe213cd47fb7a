using System.Runtime.InteropServices;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi;
using Dbaas.Provider.Terraform;

// One binary, two protocols: which one is told by the name it was called by, or else by what the host put into arguments and environment.
if (PulumiLaunch.IsMeant(Environment.GetCommandLineArgs()[0], args))
{
    return await new PulumiPlugin(PulumiLaunch.Read(args), TimeProvider.System).RunAsync(
        CancellationToken.None
    );
}

// Before anything else: the terminal sends Ctrl-C to the whole process group, and a plugin that dies of it loses state. The host says
// by StopProvider when to stop.
using var interrupt = PosixSignalRegistration.Create(
    PosixSignal.SIGINT,
    signal => signal.Cancel = true
);

var launch = PluginLaunch.Read(args, out var reason);
if (launch is null)
{
    await Console.Error.WriteLineAsync(reason);
    return 1;
}

return await new TerraformPlugin(launch, TimeProvider.System).RunAsync(CancellationToken.None);
