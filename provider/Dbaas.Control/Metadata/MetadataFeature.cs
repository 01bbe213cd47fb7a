namespace Dbaas.Control.Metadata;

/// <summary>Registration of the metadata store.</summary>
internal static class MetadataFeature
{
    public static IServiceCollection AddMetadata(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<MetadataOptions>()
            .Bind(configuration.GetSection("metadata"))
            .Validate(
                o =>
                    o.SocketDirectory is { Length: > 0 }
                    || (
                        o.OwnerConnectionString is { Length: > 0 }
                        && o.AppConnectionString is { Length: > 0 }
                        && o.PlatformConnectionString is { Length: > 0 }
                    ),
                "metadata: give socketDirectory, or ownerConnectionString, appConnectionString and platformConnectionString."
            )
            // Creates decide about room on four connections, and one listens for ever.
            .Validate(o => o.MaxPoolSize is >= 8 and <= 1000, "metadata: maxPoolSize is 8 to 1000.")
            .ValidateOnStart();
        services.AddSingleton<MetadataConnections>();
        services.AddSingleton<MetadataTransactions>();
        services.AddSingleton<ITenantTransactions>(p =>
            p.GetRequiredService<MetadataTransactions>()
        );
        services.AddSingleton<IPlatformTransactions>(p =>
            p.GetRequiredService<MetadataTransactions>()
        );
        services.AddSingleton<MetadataMigrator>();
        return services;
    }
}
