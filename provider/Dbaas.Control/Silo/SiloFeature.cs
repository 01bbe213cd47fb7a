using System.Net;
using Dbaas.Control.Composition;
using Dbaas.Control.Metadata;
using Dbaas.Control.Operations;
using Dbaas.Control.Silo.Link;
using Orleans.Configuration;

namespace Dbaas.Control.Silo;

/// <summary>Orleans, with membership and reminders in the metadata database.</summary>
internal static class SiloFeature
{
    public static WebApplicationBuilder AddSilo(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options =
            builder.Configuration.GetSection("silo").Get<SiloOptions>() ?? new SiloOptions();
        var port = builder.Configuration.GetValue("siloPort", new ControlOptions().SiloPort);
        var address = IPAddress.Parse(options.Address);
        builder.Services.AddSingleton(
            new SiloIdentity($"{options.Address}:{port}", Guid.NewGuid())
        );
        builder.Services.AddSingleton<IOperationDispatcher, GrainDispatcher>();
        builder.Host.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = options.Cluster;
                cluster.ServiceId = options.Cluster;
            });
            silo.ConfigureEndpoints(address, port, gatewayPort: 0);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                // A silo that was killed is replaced within two seconds; the defaults take fourteen.
                membership.ProbeTimeout = TimeSpan.FromSeconds(1);
                membership.NumMissedProbesLimit = 3;
                membership.MaxProbeTimeout = TimeSpan.FromSeconds(2);
                membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
                membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
            });
            silo.Configure<SiloMessagingOptions>(messaging =>
                messaging.ResponseTimeout = TimeSpan.FromSeconds(8)
            );
            silo.Services.AddSingleton<SiloLink>();
            silo.Services.AddOptions<SiloConnectionOptions>()
                .Configure<SiloLink>((connections, link) => link.Secure(connections));
            silo.Services.AddSingleton<IMembershipTable>(services => new NpgsqlMembershipTable(
                services.GetRequiredService<MetadataConnections>(),
                options.Cluster,
                new IPEndPoint(address, port),
                services.GetRequiredService<ILogger<NpgsqlMembershipTable>>()
            ));
            silo.AddReminders();
            silo.Services.AddSingleton<IReminderTable>(services => new NpgsqlReminderTable(
                services.GetRequiredService<MetadataConnections>(),
                options.Cluster
            ));
        });
        builder.Services.AddHostedService<SweepStarter>();
        return builder;
    }
}
