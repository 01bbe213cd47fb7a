using Dbaas.Control.Machines;
using Dbaas.Control.Machines.Simulated;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Dbaas.Control.Tests.Support;

/// <summary>What is still there of an instance: objects of the simulated host, rows that count, keys that open, secrets.</summary>
internal static class InstanceRemains
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static SimulatedMachineDriver Driver(IServiceProvider services) =>
        services.GetServices<IMachineDriver>().OfType<SimulatedMachineDriver>().Single();

    /// <summary>Kinds of the simulated host's objects that belong to the instance, sorted.</summary>
    public static async Task<string> ObjectsAsync(IServiceProvider services, string instance)
    {
        var inventory = await Driver(services)
            .GetInventoryAsync($"sim-{RunningControl.Region}", Token);
        return string.Join(
            ",",
            inventory
                .Items.Where(item => item.Owner?.InstanceId == instance)
                .Select(item => item.Kind)
                .Order()
        );
    }

    /// <summary>Nothing on the host, nothing that counts in the database, no key, no secret, no open interval.</summary>
    public static async Task NothingAsync(IServiceProvider services, string instance)
    {
        Assert.Equal("", await ObjectsAsync(services, instance));
        foreach (var table in new[] { "instance", "member", "machine", "volume", "endpoint" })
        {
            Assert.True(
                await CountAsync(
                    services,
                    $"SELECT count(*) FROM {table} WHERE instance_id = $1 AND deleted_at IS NULL",
                    instance
                ) == 0,
                $"{table} is left"
            );
        }

        Assert.Equal(
            0,
            await CountAsync(
                services,
                "SELECT count(*) FROM usage_interval WHERE instance_id = $1 AND ended_at IS NULL",
                instance
            )
        );
        Assert.Equal(
            0,
            await CountAsync(
                services,
                "SELECT count(*) FROM credential WHERE owner_id = $1",
                instance
            )
        );
        Assert.Equal(
            0,
            await CountAsync(
                services,
                """
                SELECT count(*) FROM wrapped_key WHERE length(ciphertext) > 0
                  AND (owner_id = $1 OR owner_id IN (SELECT volume_id FROM volume WHERE instance_id = $1))
                """,
                instance
            )
        );
    }

    public static async Task<long> CountAsync(
        IServiceProvider services,
        string sql,
        string parameter
    )
    {
        await using var transaction = await services
            .GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        await using var command = transaction.Command(
            sql,
            new NpgsqlParameter { Value = parameter }
        );
        var count = (long)(await command.ExecuteScalarAsync(Token))!;
        await transaction.CommitAsync(Token);
        return count;
    }

    /// <summary>How many events of a kind the instance has.</summary>
    public static Task<long> EventsAsync(IServiceProvider services, string kind, string instance) =>
        CountAsync(
            services,
            $"SELECT count(*) FROM event WHERE kind = '{kind}' AND audit AND resource_id = $1",
            instance
        );
}
