using System.Globalization;
using System.Text;
using Dbaas.Benchmarks.Figures;

namespace Dbaas.Benchmarks.Reports;

/// <summary>docs/benchmarks.md, and the same on the console.</summary>
internal sealed class MarkdownReport(DateTimeOffset date, MachineFacts machine)
{
    private readonly StringBuilder text = new();

    public required int Rounds { get; init; }
    public required IReadOnlyList<Comparison> Comparisons { get; init; }
    public required IReadOnlyList<(string Step, Series Milliseconds)> Steps { get; init; }

    /// <summary>What was left out, and why.</summary>
    public required IReadOnlyList<string> Skipped { get; init; }

    public override string ToString()
    {
        text.Clear();
        Line("# Benchmarks");
        Line();
        Line(
            "Written by `make bench`; do not edit. Every figure is the median of its rounds with the smallest and the largest beside it."
        );
        Line(
            "Ours and the peer's rounds alternate in the same run; of creates and starts, one round before the first warms caches and is not counted."
        );
        Line();
        WriteMachine();
        WriteComparisons();
        WriteMisses();
        WriteSteps();
        WriteMethod();
        return text.ToString();
    }

    private void WriteMachine()
    {
        Line("## Machine");
        Line();
        Line($"- Date: {date:yyyy-MM-dd HH:mm} UTC");
        Line(
            $"- {machine.Cores} cores, {machine.MemoryGib:0.#} GiB of memory, Linux {machine.Kernel}"
        );
        Line(
            $"- Load before the run: {machine.LoadBefore:0.0} (mean number of runnable processes of the last minute)"
        );
        if (machine.LoadBefore > machine.Cores / 2.0)
        {
            Line(
                "- **The machine was busy with other work during this run.** Times are longer and ranges wider than on an idle one; the ratios suffer less, as both sides were held up. Run it again on an idle machine before drawing conclusions."
            );
        }

        foreach (var note in machine.HostNotes)
        {
            Line($"- Host: {note}");
        }

        if (!machine.HostNotes.Any(note => note.Contains("AES", StringComparison.Ordinal)))
        {
            Line("- Host: no remark about AES; encrypted writes are not held up by it.");
        }

        Line();
        Line("Again, as root in the checkout:");
        Line();
        Line("```");
        Line("make bench");
        Line("```");
        Line();
        Line(
            "Parts of it, with what was published before: `DBAAS_PUBLISHED=$PWD/artifacts/publish DBAAS_IMAGE_STORE=FOLDER dotnet run -c Release"
        );
        Line(
            "--project tests/Dbaas.Benchmarks -- --report FILE [--only PART,PART] [--rounds N] [--load-rounds N] [--load-seconds N] [--instances N] [--resources N]`."
        );
        Line();
    }

    private void WriteComparisons()
    {
        Line("## Figures");
        Line();
        Line(
            "Ratio is ours over the peer's: below 1 is better for times, above 1 for transactions and requests a second."
        );
        Line();
        Line("| what | unit | ours (range) | peer | peer (range) | ratio | goal | met |");
        Line("|---|---|---|---|---|---|---|---|");
        foreach (var entry in Comparisons)
        {
            var peer = entry.Peer is { } series
                ? $"{series.Text(entry.Format)} ({series.Range(entry.Format)})"
                : "–";
            var ratio = entry.Ratio is { } value
                ? value.ToString("0.00", CultureInfo.InvariantCulture)
                : "–";
            var name = entry.PeerName.Length == 0 ? "–" : entry.PeerName;
            Line(
                $"| {entry.Name} | {entry.Unit} | {entry.Figure.Text(entry.Format)} ({entry.Figure.Range(entry.Format)}) | {name} | {peer} | {ratio} | {GoalOf(entry)} | {MetBy(entry)} |"
            );
        }

        Line();
        foreach (var reason in Skipped)
        {
            Line($"Left out: {reason}");
            Line();
        }
    }

    private void WriteMisses()
    {
        var missed = Comparisons.Where(entry => entry.Missed).ToList();
        if (missed.Count == 0)
        {
            Line("All goals were met in this run.");
            Line();
            return;
        }

        foreach (var entry in missed)
        {
            var value = entry.Judged.ToString("0.00", CultureInfo.InvariantCulture);
            var unit = entry.Goal!.OfRatio ? "times the peer" : entry.Unit;
            Line(
                $"- **Missed** – {entry.Name}: {value} {unit}, the goal is {GoalOf(entry)}.{CauseOf(entry)}"
            );
        }

        Line();
    }

    private void WriteSteps()
    {
        if (Steps.Count == 0)
        {
            return;
        }

        Line("## Steps of creates");
        Line();
        Line(
            "As the operation itself reports them, in milliseconds; what is between the steps and around them (scheduling, storing, polling,"
        );
        Line("fetching the credentials, the TLS connection) is the difference to the whole.");
        Line();
        Line("| step | median | range |");
        Line("|---|---|---|");
        foreach (var (step, milliseconds) in Steps)
        {
            Line($"| {step} | {milliseconds.Text("0")} | {milliseconds.Range("0")} |");
        }

        Line();
    }

    private void WriteMethod()
    {
        Line("## How it is measured");
        Line();
        Line(
            $"- Rounds: {Rounds} for creates and the provider. The installation is made for the run, below a root of its own, and removed afterwards."
        );
        Line(
            "- A create ends when Npgsql, with verify-full and TLS 1.3, has the answer of `select 1` from the endpoint. The operation is asked for"
        );
        Line(
            "  every 50 ms; the credentials are fetched in between, as a user must. It begins when 202 arrives."
        );
        Line(
            "- The bare server runs the programs of the instance's own image in a chroot, as an unprivileged user, in an unencrypted folder on the"
        );
        Line(
            "  same disk, with default settings: `initdb`, `pg_ctl start`, `select 1` without TLS. It has none of what an instance has besides:"
        );
        Line(
            "  encrypted volume, machine with ceilings, own network, Patroni and its store, certificates, gateway."
        );
        Line(
            "- A bare MySQL is initialised without a password and asked through its socket. Write gaps are the longest time without an acknowledged"
        );
        Line(
            "  write of a client that inserts every 20 ms through the endpoint and connects again when it must; the plan's word stands beside it."
        );
        Line(
            "- Bytes of a key change are what the volume's block device read and wrote meanwhile, less what it does in the same time when idle."
        );
        Line(
            "- An idle machine is the smallest instance, looked at for a minute that begins half a minute after it was made. Beside the engine are its agent,"
        );
        Line("  the cluster manager and its first process; memory counts shared pages once (PSS).");
        Line(
            "- The provider is called as Terraform does, with go-plugin's handshake; `true` beside it says what starting any process costs then."
        );
        Line(
            "- Terraform's plan and the service's figures are taken with the published control service, its metadata PostgreSQL (without fsync), its key"
        );
        Line(
            "  service, and machines that exist only in its memory. Requests are counted in the service's log. Processor time and memory of Terraform's"
        );
        Line(
            "  providers are read every 20 ms, so what they use in their last moment is missing. Pulumi's engine is played by this program, with 16 calls at once."
        );
        Line(
            $"- Requests a second: {Requests.RequestLoad.Clients} clients with a TLS connection each ask as fast as they are answered; they share the cores with the service,"
        );
        Line(
            "  its database and the peer. The peer makes the same answer into JSON from memory: no key, tenant, limit, log or database."
        );
        Line(
            $"- pgbench fills {Loads.LoadBenchmark.Scale} × 100,000 accounts and runs with {Loads.LoadBenchmark.Clients} clients; both servers flush each commit to disk. Load program and servers share the cores."
        );
        Line(
            $"- sysbench fills {Loads.MySqlLoadBenchmark.Tables} tables of {Loads.MySqlLoadBenchmark.Rows} rows and runs with {Loads.MySqlLoadBenchmark.Clients} clients. The bare MySQL has its default settings, without a group; both flush each commit to disk."
        );
        Line(
            "- The shares of a load stand beside a server that lacks only that one thing: bare, with TLS, on an encrypted volume, in its machine, through the"
        );
        Line(
            "  endpoint. All five run side by side and are asked in turns. A client keeps its connections, so TLS here is records and not handshakes."
        );
    }

    /// <summary>What a miss most likely comes from.</summary>
    private string CauseOf(Comparison entry)
    {
        if (!entry.Goal!.OfRatio)
        {
            // Tells a slow program from a machine on which every start was slow.
            return entry.Peer is { } peer
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $" In the same rounds {entry.PeerName} took {peer.Text(entry.Format)} {entry.Unit} ({peer.Range(entry.Format)})."
                )
                : "";
        }

        if (Steps.Count == 0 || !entry.Name.StartsWith("Create", StringComparison.Ordinal))
        {
            return "";
        }

        var (step, milliseconds) = Steps.MaxBy(step => step.Milliseconds.Median);
        return string.Create(
            CultureInfo.InvariantCulture,
            $" The longest step is `{step}` with {milliseconds.Median:0} ms."
        );
    }

    private static string GoalOf(Comparison entry) =>
        entry.Goal switch
        {
            null => "–",
            { OfRatio: true } goal => string.Create(
                CultureInfo.InvariantCulture,
                $"ratio {(goal.IsFloor ? '≥' : '≤')} {goal.Limit:0.0}"
            ),
            var goal => string.Create(
                CultureInfo.InvariantCulture,
                $"{(goal.IsFloor ? '≥' : '≤')} {goal.Limit:0} {entry.Unit}"
            ),
        };

    private static string MetBy(Comparison entry) =>
        entry.Goal is null ? "–"
        : entry.Missed ? "no"
        : "yes";

    private void Line(FormattableString line) =>
        text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private void Line(string line = "") => text.Append(line).Append('\n');
}
