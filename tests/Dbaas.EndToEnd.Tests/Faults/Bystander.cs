using System.Diagnostics;
using Dbaas.EndToEnd.Tests.Faults.Injections;
using Dbaas.EndToEnd.Tests.Faults.Writers;

namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>A database on the same host that no fault is meant for: its writer writes through the whole run.</summary>
internal sealed class Bystander(Database database) : IAsyncDisposable
{
    private readonly WriterConnections connections = new(database.Engine, database.Credentials);
    private SteadyWriter? writer;
    private string life = "";
    private long since;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        writer = new(connections, "beside");
        await writer.StartAsync(cancellationToken);
    }

    /// <summary>A case begins.</summary>
    public void Mark()
    {
        life = database.EngineLife();
        since = Stopwatch.GetTimestamp();
    }

    public TimeSpan Gap => writer!.LongestGap(since);

    /// <summary>What of the case reached it although it should not.</summary>
    public IEnumerable<string> Harm(bool strikesAll, TimeSpan allowed)
    {
        if (database.EngineLife() != life)
        {
            yield return $"the engine of {database.Name}, which was none of its business, was restarted";
        }

        if (!strikesAll && Gap > allowed)
        {
            yield return $"{database.Name}, which was none of its business, wrote nothing for {Gap.TotalSeconds:0.0} s";
        }
    }

    public Task<IReadOnlyList<string>> EndAsync() => writer!.EndAsync();

    public async ValueTask DisposeAsync()
    {
        if (writer is not null)
        {
            await writer.DisposeAsync();
        }

        connections.Dispose();
    }
}
