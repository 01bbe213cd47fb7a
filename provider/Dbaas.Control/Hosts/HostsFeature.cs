namespace Dbaas.Control.Hosts;

internal static class HostsFeature
{
    public static IServiceCollection AddHosts(this IServiceCollection services) =>
        services.AddSingleton<HostEnrolment>().AddSingleton<HostInventory>();
}
