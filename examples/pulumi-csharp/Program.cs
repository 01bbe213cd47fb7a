using Pulumi;
using Pulumi.Dbaas;
using Pulumi.Dbaas.Inputs;

return await Deployment.RunAsync(() =>
{
    var config = new Pulumi.Config();
    var orders = new DatabaseInstance(
        "orders",
        new()
        {
            Name = "orders",
            Engine = Engine.PostgreSql,
            EngineVersion = "18",
            Region = config.Get("region") ?? "local-a",
            Cpu = 2,
            MemoryGib = 2,
            StorageGib = config.GetInt32("storageGib") ?? 20,
            AllowedCidrs = { "127.0.0.0/8" },
            Databases = { "orders" },
            Parameters = { ["work_mem"] = "8MB" },
            ChangePolicy = ChangePolicy.Window,
            MaintenanceWindow = new MaintenanceWindowArgs
            {
                Day = Weekday.Sunday,
                StartTime = "03:30",
            },
            DeletionProtection = true,
        },
        new()
        {
            Protect = true,
            CustomTimeouts = new() { Create = TimeSpan.FromMinutes(15) },
        }
    );

    var outputs = new Dictionary<string, object?>
    {
        ["endpoint"] = orders.Endpoint,
        ["monthlyCost"] = orders.MonthlyCostEstimate,
    };
    // An instance that another program declared is read, not taken over.
    if (config.Get("reporting") is { } other)
    {
        var reporting = GetInstance.Invoke(new() { Name = other });
        outputs["reportingEndpoint"] = reporting.Apply(instance => instance.Endpoint);
    }

    return outputs;
});
