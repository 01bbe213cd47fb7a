using System.Net;
using Dbaas.Control.Ids;
using Dbaas.Control.Operations;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Dbaas.Control.Tests.Operations;

/// <summary>Anybody may ask for any operation as often as they like: what is remembered for them goes when they go.</summary>
public sealed class OperationSignalsTests(ControlFixture fixture)
{
    [Fact]
    public async Task Given_operations_that_do_not_exist_when_they_are_asked_for_then_none_is_remembered()
    {
        var control = await fixture.StartedAsync();
        var signals = control.Services.GetRequiredService<OperationSignals>();
        using var client = control.Client(control.AdminKey);
        HashSet<string> asked = [];
        for (var i = 0; i < 20; i++)
        {
            var id = TypedId.New<OperationId>(TimeProvider.System).ToString();
            asked.Add(id);
            using var answer = await client.GetAsync(
                new Uri($"/v1/operations/{id}?wait=1", UriKind.Relative),
                TestContext.Current.CancellationToken
            );
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        Assert.DoesNotContain(asked, signals.IsFollowed);
    }

    [Fact]
    public async Task Given_two_followers_when_one_leaves_then_the_other_still_hears()
    {
        var control = await fixture.StartedAsync();
        var signals = control.Services.GetRequiredService<OperationSignals>();
        const string operation = "op_of_two_followers";
        using var stays = signals.Follow(operation);
        signals.Follow(operation).Dispose();
        Assert.True(signals.IsFollowed(operation));

        var next = stays.Next;
        await using var transaction = await control
            .Services.GetRequiredService<Dbaas.Control.Metadata.IPlatformTransactions>()
            .BeginAsync(TestContext.Current.CancellationToken);
        await using var notify = transaction.Command($"NOTIFY dbaas_event, '{operation}'");
        await notify.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await next.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        Assert.False(stays.Next.IsCompleted);
    }
}
