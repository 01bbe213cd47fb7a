using System.Diagnostics;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Operations;

internal sealed class CrashPoint(IOptions<OperationsOptions> options) : ICrashPoint
{
    public void After(string kind, string step, string direction)
    {
        if (
            options.Value.CrashAfterStep is { } wanted
            && wanted == $"{kind}/{step}"
            && direction == OperationStates.Do
        )
        {
            // SIGKILL: no handler, no flush, exactly what a power cut leaves.
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }
    }
}
