using System.Globalization;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Tests.Support;
using Dbaas.Protocol.Host;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>Newer minors of PostgreSQL on the simulated host.</summary>
internal static class FreshImages
{
    private const string Major = "18";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Has an image built of the next minor and returns that version.</summary>
    public static async Task<string> BuildAsync(SimulatedMachineDriver driver)
    {
        driver.RepositoryMinor++;
        await driver.EnsureImageAsync(
            $"sim-{RunningControl.Region}",
            new EnsureImageRequest
            {
                Engine = "postgresql",
                Version = Major,
                Refresh = true,
            },
            new Progress<ImageProgress>(),
            Token
        );
        return string.Create(CultureInfo.InvariantCulture, $"{Major}.{driver.RepositoryMinor}");
    }

    /// <summary>What the engine says, what the books say and what the machine is made from must be one version: the new or the old.</summary>
    public static async Task RunsAsync(
        SteppedControl stepped,
        string id,
        bool moved,
        string version,
        string what
    )
    {
        var shown = (await stepped.Api.GetAsync($"/instances/{id}")).Body!;
        var actual = shown["actualVersion"]!.GetValue<string>();
        Assert.True(moved == (actual == version), $"{what}: it says {actual}");
        Assert.True(
            moved == (shown["engineVersion"]!.GetValue<string>() == version),
            $"{what}: it shall be {shown["engineVersion"]}"
        );
        Assert.Equal($"sim-postgresql-{actual}", await ImageAsync(stepped, id));
    }

    /// <summary>The image that the instance's machine is made from.</summary>
    public static async Task<string> ImageAsync(SteppedControl stepped, string id) =>
        (await MachineAsync(stepped, id)).ImageId;

    /// <summary>The instance's machine as its host has it.</summary>
    public static async Task<MachineStatus> MachineAsync(SteppedControl stepped, string id)
    {
        var driver = InstanceRemains.Driver(stepped.Services);
        var host = $"sim-{RunningControl.Region}";
        var machine = (await driver.GetInventoryAsync(host, Token)).Items.Single(item =>
            item.Kind == "container" && item.Owner?.InstanceId == id
        );
        return await driver.ObserveMachineAsync(
            host,
            new ObserveMachineRequest { MachineId = machine.Name },
            Token
        );
    }
}
