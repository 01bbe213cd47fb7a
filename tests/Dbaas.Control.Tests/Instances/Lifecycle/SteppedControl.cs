using System.Text.Json.Nodes;
using Dbaas.Control.Audit;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Silo;
using Dbaas.Control.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>
/// A control service that only accepts and stores operations. Tests run them, in one short-lived runner after the other: each has a
/// silo's identity of its own and knows nothing but the database, as a process that has just been started.
/// </summary>
public sealed class SteppedControl(PostgresFixture postgres) : IAsyncLifetime
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    internal RunningControl Control { get; private set; } = null!;

    internal InstanceApi Api { get; private set; } = null!;

    internal string OwnerKey { get; private set; } = "";

    internal TenantId Tenant { get; private set; }

    internal IServiceProvider Services => Control.Services;

    public async ValueTask InitializeAsync()
    {
        Control = await RunningControl.StartAsync(
            await postgres.ServerAsync(),
            new JsonObject { ["rateLimit"] = new JsonObject { ["burst"] = 5_000 } },
            builder =>
            {
                builder.Services.Replace(
                    ServiceDescriptor.Singleton<IOperationDispatcher, NoDispatcher>()
                );
                builder.Services.AddSingleton<MortalTransactions>();
                builder.Services.Replace(
                    ServiceDescriptor.Singleton<ITenantTransactions>(services =>
                        services.GetRequiredService<MortalTransactions>()
                    )
                );
                builder.Services.Replace(
                    ServiceDescriptor.Singleton<IPlatformTransactions>(services =>
                        services.GetRequiredService<MortalTransactions>()
                    )
                );
                foreach (
                    var service in builder
                        .Services.Where(one =>
                            one.ServiceType == typeof(IHostedService)
                            && (
                                one.ImplementationType == typeof(SweepStarter)
                                || one.ImplementationType == typeof(Reconciler)
                                || one.ImplementationType == typeof(KeyGuard)
                            )
                        )
                        .ToList()
                )
                {
                    builder.Services.Remove(service);
                }
            }
        );
        (var owner, var tenant, OwnerKey) = await ControlFixture.TenantAsync(Control);
        Tenant = TenantId.Parse(tenant, null);
        await ControlFixture.HasKeyAsync(owner);
        Api = new InstanceApi(owner, "run-1");
    }

    /// <summary>Sends a change and runs its operation, with this fault, to its end.</summary>
    /// <returns>The operation as it ended.</returns>
    internal async Task<OperationRow> RunAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null,
        StepFault fault = StepFault.None,
        int? at = null
    )
    {
        var operation = await BeginAsync(method, path, body);
        return await RunAsync(operation, fault, at);
    }

    /// <summary>Sends a change, which is stored and not run.</summary>
    internal async Task<OperationId> BeginAsync(
        HttpMethod method,
        string path,
        JsonNode? body = null
    )
    {
        var answer = await Api.SendAsync(method, path, body, wait: 0);
        Assert.True(
            answer.Status == System.Net.HttpStatusCode.Accepted,
            $"{method} {path}: {answer}"
        );
        return OperationId.Parse(answer.Text("id"), null);
    }

    internal async Task<OperationRow> RunAsync(
        OperationId operation,
        StepFault fault = StepFault.None,
        int? at = null,
        Func<IWorkflow, IWorkflow>? changed = null
    )
    {
        var faulty = Faulty(fault, at, changed);
        for (var processes = 0; processes < 60; processes++)
        {
            var (row, runner) = await NextProcessAsync(operation, faulty);
            if (runner is null)
            {
                return row;
            }

            await runner.RunAsync(Tenant, operation, Token);
        }

        throw new InvalidOperationException($"{operation} does not end.");
    }

    /// <summary>Runs the operation in a process that is killed at its n-th await.</summary>
    /// <returns>How many awaits it came to, and whether it was killed; it had ended before otherwise.</returns>
    internal async Task<(int Awaits, bool Died)> RunMortallyAsync(OperationId operation, int last)
    {
        var (_, runner) = await NextProcessAsync(operation, Faulty(StepFault.None, null, null));
        var process = new MortalProcess(last);
        await process.RunAsync(() => runner!.RunAsync(Tenant, operation, Token));
        await Services.GetRequiredService<MortalTransactions>().BreakAsync();
        return (process.Awaits, process.Died);
    }

    private List<FaultyWorkflow> Faulty(
        StepFault fault,
        int? at,
        Func<IWorkflow, IWorkflow>? changed
    ) =>
        [
            .. Services
                .GetServices<IWorkflow>()
                .Select(workflow => new FaultyWorkflow(
                    changed?.Invoke(workflow) ?? workflow,
                    fault,
                    at,
                    InstanceRemains.Driver(Services).KillMachines
                )),
        ];

    /// <summary>What a process that has just been started finds, and what it would run the operation with; nothing once that has ended.</summary>
    private async Task<(OperationRow Row, OperationRunner? Runner)> NextProcessAsync(
        OperationId operation,
        IReadOnlyList<FaultyWorkflow> faulty
    )
    {
        var workflows = new Workflows(faulty);
        var options = Services.GetRequiredService<IOptions<OperationsOptions>>();
        var store = new OperationStore(
            Services.GetRequiredService<ITenantTransactions>(),
            Services.GetRequiredService<IPlatformTransactions>(),
            Services.GetRequiredService<IEventWriter>(),
            workflows,
            new SiloIdentity(operation.ToString(), Guid.NewGuid()),
            options,
            TimeProvider.System
        );
        await store.FreeOwnPastClaimsAsync(Token);
        var row = (await store.ReadAsync(Tenant, operation, Token))!;
        return row.FinishedAt is not null
            ? (row, null)
            : (
                row,
                new OperationRunner(
                    store,
                    workflows,
                    faulty.Single(workflow => workflow.Kind == row.Kind),
                    new Chance(new NoPauses()),
                    options,
                    TimeProvider.System,
                    NullLogger<OperationRunner>.Instance
                )
            );
    }

    /// <summary>The instance as it is stored, with all of its rows.</summary>
    internal Task<InstanceParts> PartsAsync(string id) =>
        Services
            .GetRequiredService<InstanceStore>()
            .ReadAsync(Tenant, InstanceId.Parse(id, null), Token);

    /// <summary>What the instance's status says; null for nothing.</summary>
    internal async Task<string?> ReasonAsync(string id) =>
        (await Api.GetAsync($"/instances/{id}")).Body!["statusReason"]?.GetValue<string>();

    /// <summary>One turn of the reconciler; the operation it began on the instance, or null when it found nothing to do.</summary>
    internal async Task<OperationId?> ReconcileAsync(string id)
    {
        using var reconciler = ActivatorUtilities.CreateInstance<Reconciler>(Services);
        await reconciler.ReconcileAsync(Token);
        var newest = (await Api.GetAsync($"/operations?resource={id}&limit=1")).Body!["items"]![0]!;
        return newest["state"]!.GetValue<string>() == OperationStates.Queued
            ? OperationId.Parse(newest["id"]!.GetValue<string>(), null)
            : null;
    }

    /// <summary>Changes the database behind everybody's back.</summary>
    internal async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var transaction = await Services
            .GetRequiredService<IPlatformTransactions>()
            .BeginAsync(Token);
        await using var command = transaction.Command(
            sql,
            [.. values.Select(value => new Npgsql.NpgsqlParameter { Value = value })]
        );
        await command.ExecuteNonQueryAsync(Token);
        await transaction.CommitAsync(Token);
    }

    internal Task<string> CreateAsync(string name) => CreateAsync(InstanceApi.Inputs(name));

    internal async Task<string> CreateAsync(JsonObject inputs)
    {
        var row = await RunAsync(HttpMethod.Post, "/instances", inputs);
        Assert.Equal(OperationStates.Succeeded, row.State);
        return row.ResourceId;
    }

    internal async Task<string> StatusAsync(string id) =>
        (await Api.GetAsync($"/instances/{id}")).Text("status");

    internal IReadOnlyList<string> StepsOf(string kind) =>
        Services.GetServices<IWorkflow>().Single(workflow => workflow.Kind == kind).StepNames;

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Control.DisposeAsync();
    }

    /// <summary>
    /// Chance spreads a pause before the next attempt by up to a quarter of it. This one takes four quarters off: thousands of seeds
    /// would otherwise spend most of their time waiting.
    /// </summary>
    private sealed class NoPauses : Random
    {
        public override double NextDouble() => 4;
    }

    private sealed class NoDispatcher : IOperationDispatcher
    {
        public Task DispatchAsync(
            TenantId tenant,
            string resourceId,
            CancellationToken cancellationToken
        ) => Task.CompletedTask;
    }
}
