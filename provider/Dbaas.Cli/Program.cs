using System.Runtime.InteropServices;
using Dbaas.Cli;
using Dbaas.Cli.Output;

using var interrupted = new CancellationTokenSource();

// Ours, so that Ctrl-C leaves operations running and says how to wait for them, and psql keeps its own Ctrl-C.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await CommandTree.RunAsync(args, Terminal.OfProcess(), interrupted.Token);

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    interrupted.Cancel();
}
