using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.Faults.Injections;

/// <summary>Kills, freezes and awaits the platform's own processes.</summary>
internal sealed class Units(Platform platform, RestClient rest)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private bool killed;

    /// <summary>SIGKILL; the process that died.</summary>
    public int Kill(string unit)
    {
        killed = true;
        var process = platform.ProcessOf(unit);
        ProcessTable.Kill(process);
        return process;
    }

    /// <summary>Also when the run is being ended: what stands still then would stand still for ever.</summary>
    public static Task SignalAsync(int process, string signal) =>
        Command.RunAsync(
            "/bin/sh",
            ["-c", string.Create(CultureInfo.InvariantCulture, $"kill -{signal} {process}")],
            cancellationToken: CancellationToken.None
        );

    /// <summary>Waits for the process that follows one that died.</summary>
    public async Task<int> FollowerAsync(string unit, int died)
    {
        var process = 0;
        await Eventually.HoldsAsync(
            () =>
            {
                process = Now(unit);
                return Task.FromResult(
                    process != 0 && process != died && ProcessTable.IsAlive(process)
                );
            },
            Deadline,
            $"{unit} is started again"
        );
        return process;
    }

    /// <summary>Waits until the host's daemon takes connections again.</summary>
    public Task HostListensAsync(string region)
    {
        var listen = ((string)platform.ReadJson($"config/host-{region}.json")["listen"]!).Split(
            ':'
        );
        return Eventually.HoldsAsync(
            async () =>
            {
                using var client = new System.Net.Sockets.TcpClient();
                try
                {
                    await client.ConnectAsync(
                        listen[0],
                        int.Parse(listen[1], CultureInfo.InvariantCulture),
                        TestContext.Current.CancellationToken
                    );
                    return true;
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return false;
                }
            },
            Deadline,
            $"the host of {region} listens"
        );
    }

    public async Task<TimeSpan> ControlIsReadyAsync()
    {
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync(
            async () =>
                (await rest.SendAsync(HttpMethod.Get, "/readyz")).Status
                == System.Net.HttpStatusCode.OK,
            Deadline,
            "the control service is ready"
        );
        return watch.Elapsed;
    }

    /// <summary>
    /// Starts the control service with its hook for faults: it kills itself right after a step is saved. The file is put back at once, so
    /// that the process after the crash runs without.
    /// </summary>
    /// <param name="step">Kind and step, e.g. <c>instance.create/create-volume</c>.</param>
    /// <returns>The process that will crash.</returns>
    public Task<int> ArmAsync(string step) =>
        RestartControlAsync(settings =>
            settings["operations"] = new JsonObject { ["crashAfterStep"] = step }
        );

    /// <summary>Kills the control service and lets the one that follows start with other settings; the file is put back at once.</summary>
    /// <returns>The process that follows.</returns>
    public async Task<int> RestartControlAsync(Action<JsonNode> change)
    {
        var file = Path.Combine(platform.Root, "config", "control.json");
        var before = await File.ReadAllTextAsync(file);
        var settings = JsonNode.Parse(before)!;
        change(settings);
        // In place: owner and mode of the file stay.
        await File.WriteAllTextAsync(file, settings.ToJsonString());
        try
        {
            var died = Kill("control");
            await CalmAsync();
            var follower = await FollowerAsync("control", died);
            await ControlIsReadyAsync();
            return follower;
        }
        finally
        {
            await File.WriteAllTextAsync(file, before);
        }
    }

    /// <summary>
    /// A supervisor waits longer and longer before it starts a unit that keeps dying. A new one has no such memory, so the next case
    /// begins as the first did.
    /// </summary>
    public async Task CalmAsync()
    {
        if (!killed)
        {
            return;
        }

        killed = false;
        var supervisor = platform.ProcessOf("supervisor");
        ProcessTable.Kill(supervisor);
        await FollowerAsync("supervisor", supervisor);
    }

    private int Now(string unit)
    {
        try
        {
            return platform.ProcessOf(unit);
        }
        catch (Exception exception)
            when (exception is IOException or System.Text.Json.JsonException)
        {
            return 0; // between the old record and the new
        }
    }
}
