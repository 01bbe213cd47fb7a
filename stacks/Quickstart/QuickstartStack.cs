using Pulumi;
using Pulumi.Dbaas;
using Pulumi.Dbaas.Outputs;

namespace Dbaas.Stacks.Quickstart;

/// <summary>The first databases, one of each engine, reachable from this box alone, that cannot be deleted by accident.</summary>
public sealed class QuickstartStack : Stack
{
    public QuickstartStack()
    {
        var settings = QuickstartSettings.Read(new Pulumi.Config());
        var postgreSql = Declare(
            "quickstart",
            settings,
            new DatabaseInstanceArgs
            {
                Name = settings.Name,
                Engine = Engine.PostgreSql,
                EngineVersion = settings.EngineVersion,
                MemoryGib = settings.MemoryGib,
                Parameters = { ["work_mem"] = "8MB" },
            }
        );
        var mySql = Declare(
            "quickstart-mysql",
            settings,
            new DatabaseInstanceArgs
            {
                Name = settings.MySqlName,
                Engine = Engine.MySql,
                EngineVersion = settings.MySqlVersion,
                MemoryGib = settings.MySqlMemoryGib,
                Parameters = { ["sort_buffer_size"] = "512K" },
            }
        );
        Id = postgreSql.Id;
        Endpoint = postgreSql.Endpoint;
        MonthlyCost = postgreSql.MonthlyCostEstimate;
        CaCertificate = postgreSql.CaCertificate;
        MySqlId = mySql.Id;
        MySqlEndpoint = mySql.Endpoint;
        MySqlMonthlyCost = mySql.MonthlyCostEstimate;
        MySqlCaCertificate = mySql.CaCertificate;
    }

    /// <summary>Id of the PostgreSQL; `dbaas connect` and `pulumi import` take it.</summary>
    [Output("id")]
    public Output<string> Id { get; private set; }

    /// <summary>Where its clients connect.</summary>
    [Output("endpoint")]
    public Output<Endpoint> Endpoint { get; private set; }

    /// <summary>Its cost for a month at today's prices.</summary>
    [Output("monthlyCost")]
    public Output<CostEstimate> MonthlyCost { get; private set; }

    /// <summary>Authority that its clients verify the endpoint with.</summary>
    [Output("caCertificate")]
    public Output<string> CaCertificate { get; private set; }

    /// <summary>Id of the MySQL.</summary>
    [Output("mysqlId")]
    public Output<string> MySqlId { get; private set; }

    /// <summary>Where its clients connect.</summary>
    [Output("mysqlEndpoint")]
    public Output<Endpoint> MySqlEndpoint { get; private set; }

    /// <summary>Its cost for a month at today's prices.</summary>
    [Output("mysqlMonthlyCost")]
    public Output<CostEstimate> MySqlMonthlyCost { get; private set; }

    /// <summary>Authority that its clients verify the endpoint with.</summary>
    [Output("mysqlCaCertificate")]
    public Output<string> MySqlCaCertificate { get; private set; }

    /// <summary>What the two have in common.</summary>
    private static DatabaseInstance Declare(
        string name,
        QuickstartSettings settings,
        DatabaseInstanceArgs args
    )
    {
        args.Region = settings.Region;
        args.Cpu = 1;
        args.StorageGib = settings.StorageGib;
        args.AllowedCidrs = settings.AllowedCidrs;
        args.Databases = settings.Databases;
        // Switched off in one `pulumi up` before a later one may destroy the database.
        args.DeletionProtection = true;
        return new DatabaseInstance(name, args, new CustomResourceOptions { Protect = true });
    }
}
