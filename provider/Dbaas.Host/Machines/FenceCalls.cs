namespace Dbaas.Host.Machines;

/// <summary>
/// Who waits to fence which machine. A stop that gives its engine a minute holds the machine's turn; a fence is called when nobody can
/// wait that long, so it cuts the stop's patience short and gets its turn at once. Safe to share between threads.
/// </summary>
internal sealed class FenceCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, Call> calls = new(StringComparer.Ordinal);

    /// <summary>Cancelled while a fence of the machine waits for its turn or has it.</summary>
    public CancellationToken TokenOf(string machineId)
    {
        lock (gate)
        {
            return CallOf(machineId).Source.Token;
        }
    }

    /// <summary>Says that a fence has come; dispose once it is done.</summary>
    public IDisposable Announce(string machineId)
    {
        Call call;
        lock (gate)
        {
            call = CallOf(machineId);
            call.Fences++;
        }
        // Outside the gate: whoever is cancelled may run on this thread and ask for a token.
        call.Source.Cancel();
        return new Announcement(this, machineId);
    }

    private void End(string machineId)
    {
        lock (gate)
        {
            if (--calls[machineId].Fences == 0)
            {
                // Not disposed: a stop may still hold the token, and a source without a timer holds nothing.
                calls.Remove(machineId);
            }
        }
    }

    private Call CallOf(string machineId)
    {
        if (!calls.TryGetValue(machineId, out var call))
        {
            calls[machineId] = call = new();
        }
        return call;
    }

    private sealed class Call
    {
        public CancellationTokenSource Source { get; } = new();
        public int Fences { get; set; }
    }

    private sealed class Announcement(FenceCalls owner, string machineId) : IDisposable
    {
        public void Dispose() => owner.End(machineId);
    }
}
