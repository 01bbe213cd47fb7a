using Dbaas.Common;
using Dbaas.Host;
using Dbaas.Host.Configuration;
using Dbaas.Host.Images;
using Dbaas.Host.Metadata;
using Dbaas.Host.Rpc;
using Dbaas.Host.Sweeping;

// Dbaas.Host serve --config FILE    the daemon (also the default verb)
// Dbaas.Host down --config FILE     stops databases, store and gateway of this region in order; the daemon must not run
// Dbaas.Host clean --config FILE    removes everything of this region from kernel and disk
// Dbaas.Host metadata run --root DIR   keeps the metadata PostgreSQL in the foreground
// Dbaas.Host metadata stop --root DIR  stops the one that runs without a keeper
// Dbaas.Host image ensure|list …      builds and lists images without a daemon
CoreDumps.Forbid();
return args switch
{
    ["serve", "--config", var file] => await HostDaemon.RunAsync(file),
    ["--config", var file] => await HostDaemon.RunAsync(file),
    ["down", "--config", var file] => await WithHostAsync(
        file,
        host => host.GetRequiredService<RegionStop>().RunAsync(CancellationToken.None)
    ),
    ["clean", "--config", var file] => await WithHostAsync(
        file,
        host => host.GetRequiredService<RegionSweep>().RunAsync(CancellationToken.None)
    ),
    ["image", .. var rest] => await ImageVerbs.RunAsync(
        rest,
        Console.Out,
        Console.Error,
        TimeProvider.System,
        CancellationToken.None
    ),
    ["metadata", .. var rest] => await MetadataVerb.RunAsync(rest, Console.Out, Console.Error),
    _ => Usage(),
};

static async Task<int> WithHostAsync(string file, Func<IServiceProvider, Task> work)
{
    var services = new ServiceCollection();
    services.AddLogging();
    services.AddHost(HostSettingsFile.Read(file));
    await using var provider = (ServiceProvider)
        new DefaultServiceProviderFactory().CreateServiceProvider(services);
    await work(provider);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: Dbaas.Host serve|down|clean --config FILE | metadata run|stop --root DIR | image …"
    );
    return 2;
}
