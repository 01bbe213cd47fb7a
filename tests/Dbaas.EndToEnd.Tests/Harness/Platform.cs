using System.Net;
using System.Text.Json.Nodes;

namespace Dbaas.EndToEnd.Tests.Harness;

/// <summary>A whole installation of its own: published programs, own root, own ports and ranges, shared images.</summary>
public sealed class Platform(string name)
{
    private static readonly TimeSpan UpDeadline = TimeSpan.FromMinutes(12);
    private const string Orphans = "/v1/hosts/inventory?orphans=true";
    private static readonly TimeSpan OrphansDeadline = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Folder with everything; never the default root. Runs that stand beside each other on one machine each set <c>DBAAS_TEST_RUN</c>, so
    /// that none sweeps the other's installations away; a run after a crash sets the same as the crashed one.
    /// </summary>
    public string Root { get; init; } =
        $"/var/tmp/dbaas-e2e{System.Environment.GetEnvironmentVariable("DBAAS_TEST_RUN")}-{name}";
    private static string Supervisor =>
        Path.Combine(Repository.Published, "supervisor", "Dbaas.Supervisor");
    public JsonNode Installation => ReadJson("installation.json");
    public string InstallationId => (string)Installation["id"]!;

    /// <summary>The kernel's table in which faults drop packets of this installation.</summary>
    public string FaultTable => $"dbaas_fault_{InstallationId}";

    public string Endpoint => (string)ReadJson("profile.json")["endpoint"]!;
    public string CaFile => (string)ReadJson("profile.json")["caFile"]!;
    public string ApiKey => (string)ReadJson("profile.json")["apiKey"]!;

    /// <summary>What <c>dbaas env</c> exports.</summary>
    public IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>
        {
            ["DBAAS_ROOT"] = Root,
            ["DBAAS_ENDPOINT"] = Endpoint,
            ["DBAAS_CA_FILE"] = CaFile,
            ["DBAAS_API_KEY"] = ApiKey,
        };

    /// <summary>Takes away what a run of this name that crashed left, then starts.</summary>
    public async Task StartAfreshAsync()
    {
        await CleanAsync();
        (await UpAsync()).Succeeded();
    }

    /// <param name="published">Programs to run; default those of the checkout.</param>
    public Task<CommandResult> UpAsync(string? published = null) =>
        Command.RunAsync(
            Path.Combine(published ?? Repository.Published, "supervisor", "Dbaas.Supervisor"),
            [
                "up",
                "--root",
                Root,
                "--artifacts",
                published ?? Repository.Published,
                "--image-store",
                Repository.ImageStore,
            ],
            deadline: UpDeadline
        );

    public async Task DownAsync() =>
        (await Command.RunAsync(Supervisor, ["down", "--root", Root])).Succeeded();

    /// <summary>Also when the run is being ended: nobody else would.</summary>
    public async Task CleanAsync()
    {
        if (File.Exists(Path.Combine(Root, "installation.json")))
        {
            // Of a killed run the table of a fault can be left: no part of the platform knows it, and the next run gets the same ports.
            await Command.RunAsync(
                "nft",
                ["delete", "table", "inet", FaultTable],
                cancellationToken: CancellationToken.None
            );
            (
                await Command.RunAsync(
                    Supervisor,
                    ["clean", "--root", Root],
                    cancellationToken: CancellationToken.None
                )
            ).Succeeded();
        }
        else if (Directory.Exists(Root))
        {
            Directory.Delete(Root, recursive: true);
        }
    }

    public Task<CommandResult> CliAsync(params IReadOnlyList<string> arguments) =>
        Command.RunAsync(
            Path.Combine(Repository.Published, "cli", "dbaas"),
            arguments,
            Environment
        );

    public RestClient Rest(string? apiKey = null) => new(Endpoint, CaFile, apiKey ?? ApiKey);

    /// <summary>Process of a unit, from its pid file.</summary>
    public int ProcessOf(string unit) => (int)ReadJson($"run/{unit}.json")["pid"]!;

    public JsonNode ReadJson(string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Root, file)))!;

    /// <summary>Everything the installation runs, in containers and outside.</summary>
    public IReadOnlyList<int> Processes() => ProcessTable.Where(IsOurs).ToList();

    /// <summary>SIGKILL to everything at once and again until nothing is left: what a power cut does to processes.</summary>
    public async Task CutPowerAsync()
    {
        await Eventually.HoldsAsync(
            () =>
            {
                var processes = Processes();
                foreach (var pid in processes)
                {
                    ProcessTable.Kill(pid);
                }

                return Task.FromResult(processes.Count == 0);
            },
            TimeSpan.FromSeconds(30),
            "all processes of the installation are dead"
        );
    }

    /// <summary>What has an owner nobody knows, as the platform itself sees it.</summary>
    public async Task<IReadOnlyList<string>> OrphansAsync()
    {
        using var rest = Rest();
        return Items(await rest.GetAsync(Orphans));
    }

    /// <summary>
    /// Waits until all hosts answer and none has one: another's object may be there a moment before its record is, an orphan stays one, and
    /// a host that was killed is back in seconds.
    /// </summary>
    public Task NoOrphansAsync() =>
        Eventually.BecomesAsync(
            async () =>
            {
                using var rest = Rest();
                var (status, body) = await rest.SendAsync(HttpMethod.Get, Orphans);
                return status == HttpStatusCode.OK
                    ? string.Join(", ", Items(JsonNode.Parse(body)!))
                    : body;
            },
            orphans => orphans.Length == 0,
            OrphansDeadline,
            "no host has an orphan"
        );

    private static IReadOnlyList<string> Items(JsonNode page) =>
        [.. page["items"]!.AsArray().Select(item => item!.ToJsonString())];

    private bool IsOurs(int pid) =>
        pid != System.Environment.ProcessId
        && (
            ProcessTable.Cgroups(pid).Contains($"dbaas-{InstallationId}", StringComparison.Ordinal)
            || ProcessTable.Program(pid).StartsWith(Root + "/", StringComparison.Ordinal)
            // The shell that starts the supervisor again.
            || ProcessTable.CommandLine(pid).Contains($"\0{Root}\0", StringComparison.Ordinal)
                && ProcessTable.CommandLine(pid).StartsWith("/bin/sh\0", StringComparison.Ordinal)
        );
}
