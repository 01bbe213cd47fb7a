namespace Dbaas.Control.Planning;

/// <summary>Registration of the dry run.</summary>
internal static class PlanningFeature
{
    public static IServiceCollection AddPlanning(this IServiceCollection services) =>
        services.AddSingleton<OutageForecaster>().AddSingleton<Planner>();
}
