using System.Security.Cryptography;
using System.Text.Json;
using Dbaas.Client.Instances;
using Dbaas.Control.Audit;
using Dbaas.Control.Capacity;
using Dbaas.Control.Identity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Problems;
using Dbaas.Control.Usage;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <summary>What users do with instances: every change is one transaction that leaves an operation behind.</summary>
internal sealed partial class InstanceDesk(
    IPlatformTransactions platform,
    InstanceChecks checks,
    EngineCatalogue engines,
    Machines.MachineDrivers drivers,
    OperationStore operations,
    OperationReader reader,
    IOperationDispatcher dispatcher,
    UsageMeter usage,
    IEventWriter events,
    TimeProvider time
) : IDisposable
{
    private static readonly HashSet<string> s_nothingUnknown = [];

    // Decisions about room come one after the other anyway. Whoever waits for its turn here holds no connection meanwhile: a hundred
    // creates at once would take them all, and readers would be told that the database is away.
    private readonly SemaphoreSlim turns = new(4);

    /// <summary>How long a change waits for its turn before it is told to come again; a hundred creates at once take ten seconds.</summary>
    private static readonly TimeSpan s_turn = TimeSpan.FromSeconds(20);

    /// <summary>How long a change waits for the operation before it; shorter than the minute that clients wait for an answer.</summary>
    private static readonly TimeSpan s_queue = TimeSpan.FromSeconds(50);

    public async Task<Outcome<Submitted>> CreateAsync(
        Caller caller,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        if (checks.Refuse(inputs, null) is { } refused)
        {
            return refused;
        }

        Outcome<Submitted> outcome;
        var hosts = await checks.AskHostsAsync(inputs, cancellationToken);
        using (await TurnAsync(cancellationToken))
        await using (var transaction = await platform.BeginAsync(cancellationToken))
        {
            await CapacityLedger.LockAsync(transaction, cancellationToken);
            outcome =
                inputs.Name is { } name
                && await InstanceStore.FindAsync(
                    transaction,
                    caller.Tenant,
                    name,
                    cancellationToken
                )
                    is { } existing
                && existing.Name == name
                    ? await AdoptAsync(
                        transaction,
                        caller,
                        existing,
                        inputs,
                        hosts,
                        cancellationToken
                    )
                    : await MakeAsync(transaction, caller, inputs, hosts, cancellationToken);
            if (!outcome.Succeeded)
            {
                return outcome;
            }

            await transaction.CommitAsync(cancellationToken);
        }

        await DispatchAsync(caller.Tenant, outcome.Value, cancellationToken);
        return outcome;
    }

    private async Task<Outcome<Submitted>> MakeAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceInputs inputs,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var id = TypedId.New<InstanceId>(time);
        var judged = await checks.CreateAsync(
            transaction,
            caller.Tenant,
            id,
            inputs,
            s_nothingUnknown,
            hosts,
            cancellationToken
        );
        if (judged.Errors.Count > 0)
        {
            return Refusals.Of(judged.Errors);
        }

        var port = engines.Get(judged.Spec.Engine).Port;
        var address = await CapacityLedger.DrawAddressAsync(
            transaction,
            judged.Spec.Region,
            judged.Host!.HostId,
            port,
            cancellationToken
        );
        if (address is null)
        {
            return new Problem(
                CapacityProblems.AddressesExhausted,
                409,
                $"{judged.Spec.Region} has no endpoint address left."
            );
        }

        var parts = NewRows(caller, id, judged, address.ToString(), port);
        var operation = await WriteAsync(transaction, caller, parts, inputs, cancellationToken);
        return new Submitted(id, operation, Created: true);
    }

    public void Dispose() => turns.Dispose();

    private async Task<Turn> TurnAsync(CancellationToken cancellationToken)
    {
        if (!await turns.WaitAsync(s_turn, cancellationToken))
        {
            throw new NpgsqlException(
                "Too many wait to decide about room.",
                new TimeoutException()
            );
        }

        return new Turn(turns);
    }

    private async Task<OperationId> WriteAsync(
        PlatformTransaction transaction,
        Caller caller,
        InstanceParts parts,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        var spec = parts.Instance.Spec;
        transaction.Db.Add(parts.Instance);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        transaction.Db.AddRange(parts.Members);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        transaction.Db.AddRange(parts.Machines);
        transaction.Db.AddRange(parts.Volumes);
        transaction.Db.Add(parts.Endpoint);
        await transaction.Db.SaveChangesAsync(cancellationToken);
        await usage.SetAsync(
            transaction,
            caller.Tenant,
            parts.Instance.InstanceId,
            new UsageLevel(spec.Region, true, spec.Cpu, spec.MemoryGib, spec.StorageGib),
            cancellationToken
        );
        await RunLeases.RenewAsync(
            transaction,
            caller,
            parts.Instance.InstanceId.ToString(),
            cancellationToken
        );
        var operation = await EnqueueAsync(
            transaction,
            caller,
            parts,
            InstanceKinds.Create,
            JsonSerializer.SerializeToNode(inputs, InstanceJson.Default.InstanceInputs)!,
            parts.ToState(),
            cancellationToken
        );
        return operation;
    }

    private InstanceParts NewRows(
        Caller caller,
        InstanceId id,
        CheckedCreate judged,
        string address,
        int port
    )
    {
        var spec = judged.Spec;
        var now = time.GetUtcNow();
        var member = TypedId.New<MemberId>(time);
        var host = judged.Host!.HostId;
        return new InstanceParts(
            new InstanceRow
            {
                InstanceId = id,
                TenantId = caller.Tenant,
                Name = spec.Name,
                Engine = spec.Engine,
                Region = spec.Region,
                KeyId = judged.Key!.Value,
                Cluster = "c" + RandomNumberGenerator.GetHexString(15, lowercase: true),
                Desired = JsonSerializer.SerializeToNode(spec, InstanceJson.Default.InstanceSpec)!,
                Status = InstanceStatuses.Provisioning,
                PendingChanges = new System.Text.Json.Nodes.JsonArray(),
                CreatedBy = caller.Principal.ToString(),
                ClientKind = caller.ClientKind,
                CreatedAt = now,
                UpdatedAt = now,
            },
            [
                new MemberRow
                {
                    MemberId = member,
                    TenantId = caller.Tenant,
                    InstanceId = id,
                    Role = "primary",
                    Status = InstanceStatuses.Starting,
                    Region = spec.Region,
                    CreatedAt = now,
                },
            ],
            [
                new MachineRow
                {
                    MachineId = TypedId.New<MachineId>(time),
                    TenantId = caller.Tenant,
                    InstanceId = id,
                    MemberId = member,
                    Region = spec.Region,
                    Driver = drivers.NameOf(spec.Region),
                    HostId = host,
                    Cpu = spec.Cpu,
                    MemoryBytes = spec.MemoryBytes(),
                    State = "reserved",
                    CreatedAt = now,
                },
            ],
            [
                new VolumeRow
                {
                    VolumeId = TypedId.New<VolumeId>(time),
                    TenantId = caller.Tenant,
                    InstanceId = id,
                    MemberId = member,
                    Region = spec.Region,
                    HostId = host,
                    SizeBytes = spec.StorageBytes(),
                    State = "reserved",
                    CreatedAt = now,
                },
            ],
            new EndpointRow
            {
                EndpointId = TypedId.New<EndpointId>(time),
                TenantId = caller.Tenant,
                InstanceId = id,
                Region = spec.Region,
                HostId = host,
                HostName = address,
                Address = address,
                Port = port,
                State = "reserved",
                CreatedAt = now,
            }
        );
    }

    /// <summary>One of those who may decide about room now; the next is let in when it ends.</summary>
    private readonly struct Turn(SemaphoreSlim turns) : IDisposable
    {
        public void Dispose() => turns.Release();
    }
}
