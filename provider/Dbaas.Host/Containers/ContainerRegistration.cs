using Dbaas.Host.Commands;
using Dbaas.Host.Configuration;

namespace Dbaas.Host.Containers;

/// <summary>Registers what runs containers, with everything it needs. Also used by verbs that run without the daemon.</summary>
internal static class ContainerRegistration
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddContainers(HostSettings options) =>
            services
                .AddSingleton(options)
                .AddSingleton(TimeProvider.System)
                .AddSingleton<HostPaths>()
                .AddSingleton<KernelNames>()
                .AddSingleton<ICommands, ProcessCommands>()
                .AddSingleton<Cgroups>()
                .AddSingleton<UserNamespaces>()
                .AddSingleton<IContainers, RuncContainers>();
    }
}
