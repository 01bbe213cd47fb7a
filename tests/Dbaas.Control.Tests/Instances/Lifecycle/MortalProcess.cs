namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// Runs work as a process would that is killed at its n-th await: what would come after never runs, no handler and no <c>finally</c>
/// either. An await counts when it gives way and when it is the service's own: libraries come back on threads of their own, and what
/// they had begun goes on, as a request that has left a killed process does.
/// </summary>
/// <param name="last">The await that is never come back from, from 1.</param>
internal sealed class MortalProcess(int last) : SynchronizationContext
{
    private readonly TaskCompletionSource _end = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private int _awaits;

    /// <summary>How many awaits were come to.</summary>
    public int Awaits => Math.Min(Volatile.Read(ref _awaits), last);

    /// <summary>Whether it was killed; it had ended before otherwise.</summary>
    public bool Died { get; private set; }

    /// <summary>Returns when the work has ended or its process was killed.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        Start(_ => _ = EndAsync(), null);
        await _end.Task;

        async Task EndAsync()
        {
            try
            {
                await work();
                _end.TrySetResult();
            }
            catch (Exception exception)
            {
                _end.TrySetException(exception);
            }
        }
    }

    public override SynchronizationContext CreateCopy() => this;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (Interlocked.Increment(ref _awaits) < last)
        {
            Start(d, state);
        }
        else if (!_end.Task.IsCompleted)
        {
            Died = true;
            _end.TrySetResult();
        }
    }

    private void Start(SendOrPostCallback d, object? state) =>
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                var before = Current;
                SetSynchronizationContext(this);
                try
                {
                    d(state);
                }
                finally
                {
                    SetSynchronizationContext(before);
                }
            },
            null
        );
}
