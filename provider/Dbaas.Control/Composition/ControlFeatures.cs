using Dbaas.Control.Audit;
using Dbaas.Control.Metadata;
using Microsoft.Extensions.Options;

namespace Dbaas.Control.Composition;

/// <summary>The list of features: one line here and one below is all a new one needs.</summary>
internal static class ControlFeatures
{
    public static WebApplicationBuilder AddControlFeatures(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IValidateOptions<ControlOptions>, ControlOptionsValidator>();
        services.AddOptions<ControlOptions>().Bind(builder.Configuration).ValidateOnStart();

        services.AddMetadata(builder.Configuration);
        services.AddAudit();
        return builder;
    }

    public static WebApplication MapControlFeatures(this WebApplication app) => app;

    /// <summary>What must be done before the API listens, in order.</summary>
    public static async Task PrepareAsync(
        this WebApplication app,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(app);
        await app.Services.GetRequiredService<MetadataMigrator>().MigrateAsync(cancellationToken);
    }
}
