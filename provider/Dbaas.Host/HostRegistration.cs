using System.Text.Json.Serialization.Metadata;
using Dbaas.Host.Configuration;
using Dbaas.Host.Containers;
using Dbaas.Host.Enrolment;
using Dbaas.Host.Facts;
using Dbaas.Host.Gateway;
using Dbaas.Host.Images;
using Dbaas.Host.Inventory;
using Dbaas.Host.Machines;
using Dbaas.Host.Networks;
using Dbaas.Host.State;
using Dbaas.Host.Store;
using Dbaas.Host.Sweeping;
using Dbaas.Host.Volumes;

namespace Dbaas.Host;

/// <summary>Registers what makes machines. One list, so that the daemon, <c>clean</c> and the tests build the same host.</summary>
internal static class HostRegistration
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddHost(HostSettings settings)
        {
            services.AddContainers(settings);
            services.AddState("volumes", HostStateJson.Default.VolumeRecord);
            services.AddState("machines", HostStateJson.Default.MachineRecord);
            services.AddState("identity", HostStateJson.Default.HostIdentityRecord);
            services.AddState("speed", HostStateJson.Default.WriteSpeedRecord);
            services.AddState("networks", HostStateJson.Default.TenantNetworkRecord);
            return services
                .AddSingleton<ObjectLocks>()
                .AddSingleton<IDataKeys, KmsDataKeys>()
                .AddSingleton<VolumeUids>()
                .AddSingleton<EncryptedVolumes>()
                .AddSingleton<TenantNetworks>()
                .AddSingleton<MachineFolder>()
                .AddSingleton<AgentSocket>()
                .AddSingleton<IoLimits>()
                .AddSingleton<RuncMachines>()
                .AddSingleton<RegionSweep>()
                .AddSingleton<RegionStop>()
                .AddSingleton<HostCertificates>()
                .AddSingleton<HostEnrolment>()
                .AddSingleton<CertificateRenewal>()
                .AddHostedService(provider => provider.GetRequiredService<CertificateRenewal>())
                .AddSingleton<HostFactsReader>()
                .AddSingleton<WriteSpeed>()
                .AddSingleton<PlatformInventory>()
                .AddSingleton<HostInventory>()
                .AddSingleton<ConsoleLogs>()
                .AddHostedService(provider => provider.GetRequiredService<ConsoleLogs>())
                .AddSingleton<Tombstones>()
                .AddHostedService(provider => provider.GetRequiredService<Tombstones>())
                .AddSingleton(new ImageStoreOptions { Folder = settings.ImageStore })
                .AddSingleton<IImages, ImageStore>()
                .AddSingleton(StoreOptions)
                .AddSingleton<IStore, EtcdStore>()
                .AddSingleton(provider => new GatewayOptions
                {
                    Folder = Path.Combine(
                        provider.GetRequiredService<HostPaths>().Region,
                        "gateway"
                    ),
                    Uid = settings.UidBase + 4,
                    AuthorityFile = provider.GetRequiredService<HostCertificates>().AuthorityFile,
                })
                .AddSingleton<IGateway, HaproxyGateway>();
        }

        private static StoreOptions StoreOptions(IServiceProvider provider)
        {
            var settings = provider.GetRequiredService<HostSettings>();
            var certificates = provider.GetRequiredService<HostCertificates>();
            return new()
            {
                Folder = Path.Combine(provider.GetRequiredService<HostPaths>().Region, "etcd"),
                Address = settings.ServiceAddress,
                ClientPort = settings.EtcdClientPort,
                PeerPort = settings.EtcdPeerPort,
                Uid = settings.UidBase + 3,
                CertificateFile = certificates.StoreCertificateFile,
                KeyFile = certificates.StoreKeyFile,
                AuthorityFile = certificates.AuthorityFile,
            };
        }

        private void AddState<T>(string kind, JsonTypeInfo<T> json)
            where T : class =>
            services.AddSingleton(provider => new StateFolder<T>(
                Path.Combine(provider.GetRequiredService<HostPaths>().State, kind),
                json
            ));
    }
}
