using Dbaas.Control.Hosts.Images;
using Dbaas.Control.Operations;

namespace Dbaas.Control.Hosts;

internal static class HostsFeature
{
    public static IServiceCollection AddHosts(this IServiceCollection services) =>
        services
            .AddSingleton<EnrolmentTokens>()
            .AddSingleton<HostEnrolment>()
            .AddSingleton<HostInventory>()
            .AddSingleton<HostImages>()
            .AddSingleton<BuildImages>()
            .AddSingleton<IWorkflow, RefreshImage>();
}
