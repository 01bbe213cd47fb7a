using Dbaas.Host;
using Dbaas.Host.Configuration;
using Dbaas.Host.Images;
using Dbaas.Host.Metadata;
using Dbaas.Host.Rpc;
using Dbaas.Host.Sweeping;

// Dbaas.Host serve --config FILE    the daemon (also the default verb)
// Dbaas.Host clean --config FILE    removes everything of this region from kernel and disk
// Dbaas.Host metadata run --root DIR   keeps the metadata PostgreSQL in the foreground
// Dbaas.Host image ensure|list …      builds and lists images without a daemon
return args switch
{
    ["serve", "--config", var file] => await HostDaemon.RunAsync(file),
    ["--config", var file] => await HostDaemon.RunAsync(file),
    ["clean", "--config", var file] => await CleanAsync(file),
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

static async Task<int> CleanAsync(string file)
{
    var services = new ServiceCollection();
    services.AddLogging();
    services.AddHost(HostSettingsFile.Read(file));
    await using var provider = (ServiceProvider)
        new DefaultServiceProviderFactory().CreateServiceProvider(services);
    await provider.GetRequiredService<RegionSweep>().RunAsync(CancellationToken.None);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        "usage: Dbaas.Host serve|clean --config FILE | metadata run --root DIR | image …"
    );
    return 2;
}
