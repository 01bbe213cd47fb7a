using System.Globalization;
using System.Text.Json.Nodes;
using Dbaas.Provider.Tests.Fakes;

namespace Dbaas.Provider.Tests.Pulumi;

/// <summary>A service that says when to come back is not asked before.</summary>
public sealed class DelayTests
{
    [Theory]
    [InlineData(429, false)]
    [InlineData(429, true)]
    [InlineData(503, false)]
    [InlineData(503, true)]
    public async Task Given_a_delay_when_created_and_planned_then_both_tools_wait_at_least_that_long(
        int status,
        bool asDate
    )
    {
        await using var control = await FakeControl.StartAsync();
        await using var engine = await PulumiEngine.ConfiguredAsync(control);
        var due = Refuse(control, status, asDate);
        await engine.ResourceAsync(
            "create",
            new()
            {
                ["properties"] = new JsonObject { ["name"] = "orders", ["engine"] = "postgresql" },
            }
        );
        AssertWaited(control, due());
        // What this provider still had to say must not be taken for the other's.
        await engine.EndAsync("SIGINT");

        using var folder = new Terraform.TerraformFolder(
            control,
            "resource \"dbaas_database_instance\" \"other\" {\n name = \"other\"\n engine = \"postgresql\"\n}"
        );
        control.Arrivals.Clear();
        due = Refuse(control, status, asDate);
        await folder.SucceedAsync("plan", "-no-color");
        AssertWaited(control, due());
    }

    /// <summary>Refuses the next request; answers when the one after may come.</summary>
    private static Func<DateTimeOffset> Refuse(FakeControl control, int status, bool asDate)
    {
        var due = DateTimeOffset.MaxValue;
        control.RetryAfter = now =>
        {
            // A date has whole seconds: this one is between one and two away.
            due = asDate
                ? DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds() + 2)
                : now.AddSeconds(1);
            return asDate ? due.ToString("R", CultureInfo.InvariantCulture) : "1";
        };
        (control.Throttled, control.Unavailable) = status == 429 ? (1, 0) : (0, 1);
        return () => due;
    }

    private static void AssertWaited(FakeControl control, DateTimeOffset due)
    {
        var arrivals = control.Arrivals.ToArray();
        Assert.True(arrivals[0].Refused);
        Assert.False(arrivals[1].Refused);
        Assert.True(arrivals[1].At >= due, $"came at {arrivals[1].At:O}, asked for {due:O}");
    }
}
