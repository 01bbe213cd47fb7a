using Dbaas.Client.Instances;
using Dbaas.Control.Capacity;
using Dbaas.Control.Ids;
using Dbaas.Control.Instances.Rows;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances;

/// <summary>
/// Every check that a create or a change must pass, in one place: the dry run and the real thing call the same methods, the real thing
/// under the capacity lock. Hosts are asked before that, with nothing held: the lock is the whole cluster's, one frozen host must not stop
/// everybody, and finding a host takes a connection of its own (ADR 0119).
/// </summary>
internal sealed class InstanceChecks(
    EngineCatalogue engines,
    MachineDrivers drivers,
    CapacityLedger ledger,
    ImageLedger images,
    TimeProvider time
)
{
    /// <summary>
    /// What the rules alone say: they ask nobody and need no lock, so that a body full of mistakes keeps no other change waiting. Null
    /// when they have nothing against it.
    /// </summary>
    /// <param name="inputs">The whole wish.</param>
    /// <param name="row">The instance it is for; null for a create.</param>
    public Problem? Refuse(InstanceInputs inputs, InstanceRow? row)
    {
        var errors = SpecRules
            .Resolve(
                inputs,
                row?.Spec,
                new RuleSurroundings(engines, drivers.Regions, row?.InstanceId.Value ?? Guid.Empty)
                {
                    Today = Today(),
                    ActualVersion = row?.ActualVersion ?? "",
                }
            )
            .Errors
            // Which minors there are, hosts know; they are asked when the rest is right.
            .Where(error => error.Code != InstanceProblems.Minor)
            .ToList();
        return errors.Count == 0 ? null : Refusals.Of(errors);
    }

    /// <summary>What <see cref="CreateAsync"/> needs of the hosts; nothing where there is no such region.</summary>
    public async Task<HostAnswers> AskHostsAsync(
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        var region = inputs.Region ?? drivers.Regions[0];
        if (!drivers.Regions.Contains(region))
        {
            return HostAnswers.None;
        }

        var sizes = await ledger.DescribeAsync(region, cancellationToken);
        return
            inputs.EngineVersion is { } version
            && engines.Find(inputs.Engine ?? "") is { } engine
            && engine.MajorOf(version) is var major
            && major != version
            ? new HostAnswers(
                sizes,
                await images.NewestAsync(region, sizes, engine.Name, major, cancellationToken)
            )
            : HostAnswers.None with
            {
                Sizes = sizes,
            };
    }

    /// <summary>What <see cref="UpdateAsync"/> needs of the hosts, when <see cref="NeedsHosts"/> says so.</summary>
    public async Task<HostAnswers> AskHostsAsync(
        InstanceRow row,
        InstanceInputs inputs,
        CancellationToken cancellationToken
    )
    {
        var sizes = await ledger.DescribeAsync(row.Region, cancellationToken);
        return RaisesFloor(row, inputs)
            ? new HostAnswers(
                sizes,
                await images.NewestAsync(
                    row.Region,
                    sizes,
                    row.Engine,
                    row.Spec.Major(),
                    cancellationToken
                )
            )
            : HostAnswers.None with
            {
                Sizes = sizes,
            };
    }

    /// <summary>Whether these inputs may ask for more than there is, or for a newer image; a default may be more.</summary>
    public static bool NeedsHosts(InstanceRow row, InstanceInputs inputs) =>
        !(
            inputs.Cpu <= row.Spec.Cpu
            && inputs.MemoryGib <= row.Spec.MemoryGib
            && inputs.StorageGib <= row.Spec.StorageGib
        ) || RaisesFloor(row, inputs);

    public async Task<CheckedCreate> CreateAsync(
        PlatformTransaction transaction,
        TenantId tenant,
        InstanceId id,
        InstanceInputs inputs,
        IReadOnlySet<string> unknown,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var resolved = SpecRules.Resolve(
            inputs,
            null,
            new RuleSurroundings(engines, drivers.Regions, id.Value)
            {
                Unknown = unknown,
                Today = Today(),
                NewestImage = hosts.NewestAnywhere,
            }
        );
        var errors = resolved.Errors.ToList();
        var spec = resolved.Spec;
        KeyId? key = null;
        HostCapacity? host = null;
        if (errors.TrueForAll(error => error.Pointer != "/region"))
        {
            if (!unknown.Contains("/kmsKeyId"))
            {
                (key, var problem) = await KeyChoice.ResolveAsync(
                    transaction,
                    tenant,
                    spec.Region,
                    spec.KmsKeyId,
                    cancellationToken
                );
                errors.AddRange(problem is null ? [] : [problem]);
            }

            if (errors.Count == 0)
            {
                var demand = new Demand(1, spec.Cpu, spec.MemoryBytes(), spec.StorageBytes());
                var (quota, taken) = await CapacityLedger.QuotaAsync(
                    transaction,
                    tenant,
                    cancellationToken
                );
                errors.AddRange(Placement.CheckQuota(quota, taken, demand));
                var room = await CapacityLedger.TakenAsync(
                    transaction,
                    hosts.Sizes,
                    cancellationToken
                );
                host = Placement.Choose(room, demand);
                errors.AddRange(host is null ? Placement.Explain(room, demand, spec.Region) : []);
            }
        }

        if (key is { } chosen && spec.KmsKeyId.Length == 0)
        {
            spec = spec with { KmsKeyId = chosen.ToString() };
        }

        return new CheckedCreate(spec, key, host, errors, resolved.Warnings);
    }

    public async Task<CheckedUpdate> UpdateAsync(
        PlatformTransaction transaction,
        InstanceRow row,
        string hostId,
        InstanceInputs inputs,
        IReadOnlySet<string> unknown,
        HostAnswers hosts,
        CancellationToken cancellationToken
    )
    {
        var before = row.Spec;
        var resolved = SpecRules.Resolve(
            inputs,
            before,
            new RuleSurroundings(engines, drivers.Regions, row.InstanceId.Value)
            {
                Unknown = unknown,
                Today = Today(),
                ActualVersion = row.ActualVersion,
                NewestImage = RaisesFloor(row, inputs) ? hosts.NewestOn(hostId) : "",
            }
        );
        var errors = resolved.Errors.ToList();
        var spec = resolved.Spec;
        var compared = spec;
        KeyId? rekey = null;
        if (spec.KmsKeyId != before.KmsKeyId && !unknown.Contains("/kmsKeyId"))
        {
            var (key, problem) = await KeyChoice.ResolveAsync(
                transaction,
                row.TenantId,
                row.Region,
                spec.KmsKeyId,
                cancellationToken
            );
            if (problem is not null)
            {
                errors.Add(problem);
            }
            else if (key != row.KeyId)
            {
                rekey = key;
            }
            else
            {
                compared = spec with { KmsKeyId = before.KmsKeyId }; // id and alias of one key are no change
            }
        }

        var more = new Demand(
            0,
            spec.Cpu - before.Cpu,
            spec.MemoryBytes() - before.MemoryBytes(),
            spec.StorageBytes() - before.StorageBytes()
        );
        var growsOnline = true;
        if (errors.Count == 0 && (more.Cpu > 0 || more.MemoryBytes > 0 || more.StorageBytes > 0))
        {
            var (quota, taken) = await CapacityLedger.QuotaAsync(
                transaction,
                row.TenantId,
                cancellationToken
            );
            errors.AddRange(Placement.CheckQuota(quota, taken, more));
            var own = hosts.Sizes.Where(host => host.HostId == hostId).ToList();
            growsOnline = own.TrueForAll(host => host.GrowsMountedVolumes);
            var room = await CapacityLedger.TakenAsync(transaction, own, cancellationToken);
            errors.AddRange(
                Placement.Choose(room, more) is null
                    ? Placement.Explain(room, more, row.Region)
                    : []
            );
        }

        var changes =
            engines.Find(before.Engine) is { } engine && errors.Count == 0
                ? InstanceChanges.Between(before, compared, engine, growsOnline, row.ActualVersion)
                : [];
        return new CheckedUpdate(before, spec, changes, errors, resolved.Warnings) { Key = rekey };
    }

    private static bool RaisesFloor(InstanceRow row, InstanceInputs inputs) =>
        VersionFloor.Behind(row.ActualVersion, inputs.EngineVersion ?? "");

    private DateOnly Today() => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
}
