using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Client.Instances;
using Dbaas.Client.Operations;

namespace Dbaas.Provider.Tests.Fakes;

/// <summary>What the fake control service remembers of an instance.</summary>
internal sealed class FakeInstance(JsonObject inputs, string run, Task done)
{
    private JsonObject inputs = inputs;

    public string Id { get; } = $"ins_{Guid.CreateVersion7():N}";
    public Task Done { get; set; } = done;
    public string Run { get; set; } = run;
    public bool Acknowledged { get; set; }

    /// <summary>A later create took it over.</summary>
    public bool Adopted { get; set; }
    public string Name => (string)inputs["name"]!;
    public bool Protected => (bool?)inputs["deletionProtection"] ?? true;
    public JsonObject Inputs => inputs;

    /// <summary>Facts that change by themselves: failover, minor upgrade.</summary>
    public string ActualVersion { get; set; } = "18.1";
    public int? GrownTo { get; set; }

    public int StorageGib => Math.Max(GrownTo ?? 0, (int?)inputs["storageGib"] ?? 10);

    public void Set(JsonObject desired)
    {
        // What the platform chose once stays when a later request does not name it.
        foreach (var name in new[] { "region", "engineVersion", "kmsKeyId", "maintenanceWindow" })
        {
            desired[name] ??= inputs[name]?.DeepClone();
        }

        inputs = desired;
    }

    public JsonObject View()
    {
        var view = (JsonObject)inputs.DeepClone();
        view["id"] = Id;
        view["engineVersion"] ??= "18";
        view["cpu"] ??= 1;
        view["memoryGib"] ??= 1;
        view["allowedCidrs"] ??= new JsonArray();
        view["parameters"] ??= new JsonObject();
        view["databases"] ??= new JsonArray();
        view["changePolicy"] ??= "immediate";
        view["deletionProtection"] ??= true;
        view["tags"] ??= new JsonObject();
        view["region"] ??= "local-a";
        view["kmsKeyId"] ??= "key_default";
        view["maintenanceWindow"] ??= new JsonObject
        {
            ["day"] = "sunday",
            ["startTime"] = "03:00",
            ["durationMinutes"] = 60,
        };
        view["storageGib"] = StorageGib;
        view["endpoint"] = new JsonObject { ["host"] = "127.101.0.5", ["port"] = 5432 };
        view["caCertificate"] = "-----BEGIN CERTIFICATE-----";
        view["status"] = "available";
        view["members"] = new JsonArray(
            new JsonObject
            {
                ["id"] = "mem_1",
                ["role"] = "primary",
                ["status"] = "available",
                ["actualVersion"] = ActualVersion,
                ["region"] = view["region"]!.DeepClone(),
            }
        );
        view["actualVersion"] = ActualVersion;
        view["actualStorageGib"] = StorageGib;
        view["pendingChanges"] = new JsonArray();
        view["monthlyCostEstimate"] = new JsonObject { ["amount"] = 12.34, ["currency"] = "EUR" };
        view["createdAt"] = "2026-01-01T00:00:00Z";
        view["acknowledged"] = Acknowledged;
        view["operationId"] = Done.IsCompleted ? null : "op_" + Id;
        // Proves that the service's own contract and the schema's names agree.
        Assert.NotNull(view.Deserialize<InstanceView>(JsonSerializerOptions.Web));
        return view;
    }

    public static CredentialsView Credentials() =>
        new()
        {
            Host = "127.101.0.5",
            Port = 5432,
            Username = "dbadmin",
            Password = FakeControl.Password,
            Database = "orders",
            Ca = "-----BEGIN CERTIFICATE-----",
        };

    public static OperationView Operation(
        string id,
        string state,
        string resource,
        ProblemBody? error
    ) =>
        new()
        {
            Id = id,
            Kind = "instance.create",
            ResourceId = resource,
            ResourceName = "orders",
            State = state,
            ProgressPercent = 50,
            CurrentStep = "start-engine",
            Steps = [],
            Error = error,
            RequestedBy = "test",
            CreatedAt = DateTimeOffset.UnixEpoch,
            Cancellable = false,
        };
}
