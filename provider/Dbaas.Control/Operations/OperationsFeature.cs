namespace Dbaas.Control.Operations;

/// <summary>Registration of the operation engine. Workflows register themselves as <see cref="IWorkflow"/>.</summary>
internal static class OperationsFeature
{
    public static IServiceCollection AddOperations(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<OperationsOptions>()
            .Bind(configuration.GetSection("operations"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<Workflows>();
        services.AddSingleton(new Chance(Random.Shared));
        services.AddSingleton<OperationStore>();
        services.AddSingleton<OperationRunner>();
        services.AddSingleton<OperationReader>();
        services.AddSingleton<OperationEvents>();
        services.AddSingleton<RunLeases>();
        services.AddSingleton<ICrashPoint, CrashPoint>();
        services.AddSingleton<OperationSignals>();
        services.AddHostedService(provider => provider.GetRequiredService<OperationSignals>());
        return services;
    }
}
