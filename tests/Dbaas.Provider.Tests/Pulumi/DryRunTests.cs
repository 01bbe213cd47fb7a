using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Hosting;
using Dbaas.Provider.Pulumi.Diffs;
using Dbaas.Provider.Pulumi.Resources;
using Dbaas.Provider.Tests.Fakes;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Tests.Pulumi;

public sealed class DryRunTests
{
    [Fact]
    public async Task Given_as_many_answers_as_are_held_when_one_is_asked_for_anew_then_the_preview_takes_the_new_one()
    {
        await using var control = await FakeControl.StartAsync();
        var instance = new FakeInstance(
            JsonNode
                .Parse(
                    """
                    {"name":"orders","engine":"postgresql","cpu":1,"memoryGib":1,"storageGib":10,"allowedCidrs":[],"parameters":{},
                    "databases":[],"changePolicy":"immediate","deletionProtection":true,"tags":{}}
                    """
                )!
                .AsObject(),
            "run_1",
            Task.CompletedTask
        );
        control.Instances[instance.Id] = instance;
        using var session = new ProviderSession(
            PackageSchema.Embedded,
            HostTool.Pulumi,
            SystemTrust.Detach(),
            TimeProvider.System
        );
        session.Connect(setting =>
            setting.Name switch
            {
                "endpoint" => control.Endpoint,
                "apiKey" => FakeControl.ApiKey,
                "caFile" => control.CaFile,
                _ => null,
            }
        );
        var dryRuns = new DryRuns(session, mostRemembered: 1);
        var resource = PackageSchema.Embedded.Resources[0];
        var sent = new SentInputs(
            resource,
            Value.Object([
                KeyValuePair.Create("name", (Value)new Value.Text("orders")),
                KeyValuePair.Create("engine", (Value)new Value.Text("postgresql")),
                KeyValuePair.Create("storageGib", (Value)new Value.Number("20")),
            ]),
            Ignored: []
        );
        var token = TestContext.Current.CancellationToken;
        var first = await dryRuns.UpdateAsync(instance.Id, sent, token);
        Assert.Equal("/storageGib", Assert.Single(first.Changes).Pointer);

        instance.GrownTo = 40;
        Assert.Empty((await dryRuns.UpdateAsync(instance.Id, sent, token)).Changes);
        var asked = control.Requests.Count;
        var recalled = await dryRuns.RecallUpdateAsync(instance.Id, sent, token);
        Assert.Empty(recalled.Changes);
        Assert.Equal(asked, control.Requests.Count);
        // Taken once: what is asked for later is asked of the service.
        await dryRuns.RecallUpdateAsync(instance.Id, sent, token);
        Assert.Equal(asked + 1, control.Requests.Count);
    }
}
