using Asp.Versioning;
using Dbaas.Control.ApiKeys;
using Dbaas.Control.Audit;
using Dbaas.Control.Capacity;
using Dbaas.Control.Catalogue;
using Dbaas.Control.Health;
using Dbaas.Control.Hosts;
using Dbaas.Control.Hosts.Images;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances;
using Dbaas.Control.Keys;
using Dbaas.Control.Machines;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Pki;
using Dbaas.Control.Planning;
using Dbaas.Control.Retention;
using Dbaas.Control.Silo;
using Dbaas.Control.Tenancy;
using Dbaas.Control.Usage;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Composition;

/// <summary>The list of features: one line here and one below is all a new one needs.</summary>
internal static class ControlFeatures
{
    public static WebApplicationBuilder AddControlFeatures(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        var configuration = builder.Configuration;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ControlOptions>, ControlOptionsValidator>();
        services.AddOptions<ControlOptions>().Bind(configuration).ValidateOnStart();

        services.AddMetadata(configuration);
        services.AddHttp(configuration);
        services.AddIdentity();
        services.AddApiDocument();
        services.AddAudit();
        services.AddTenancy(configuration);
        services.AddApiKeys();
        services.AddKeys();
        services.AddPki(configuration);
        services.AddHosts();
        services.AddCatalogue();
        services.AddMachines(configuration);
        services.AddOperations(configuration);
        services.AddRetention(configuration);
        services.AddCapacity(configuration);
        services.AddUsage(configuration);
        services.AddInstances();
        services.AddPlanning();
        builder.AddSilo();
        return builder;
    }

    public static WebApplication MapControlFeatures(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        app.MapHealthEndpoints();
        app.MapApiDocument();

        var versions = app.NewApiVersionSet().HasApiVersion(new ApiVersion(1, 0)).Build();
        var v1 = app.MapGroup("/v1").WithApiVersionSet(versions);
        v1.MapTenancyEndpoints();
        v1.MapApiKeyEndpoints();
        v1.MapAuditEndpoints();
        v1.MapKeyEndpoints();
        v1.MapHostEndpoints();
        v1.MapImageEndpoints();
        v1.MapCatalogueEndpoints();
        v1.MapPriceEndpoints();
        v1.MapOperationEndpoints();
        v1.MapInstanceEndpoints();
        v1.MapPlanEndpoints();
        return app;
    }

    /// <summary>What must be done before the API listens, in order.</summary>
    public static async Task PrepareAsync(
        this WebApplication app,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(app);
        await app.Services.GetRequiredService<MetadataMigrator>().MigrateAsync(cancellationToken);
        await app.Services.GetRequiredService<FirstAdministrator>().EnsureAsync(cancellationToken);
    }
}
