using Dbaas.Host.Configuration;
using Dbaas.Host.Images;

// Dbaas.Host serve --config FILE    the daemon (also the default verb)
// Dbaas.Host image ensure|list …      builds and lists images without a daemon
return args switch
{
    ["serve", "--config", var file] => await ServeAsync(file),
    ["--config", var file] => await ServeAsync(file),
    ["image", .. var rest] => await ImageVerbs.RunAsync(
        rest,
        Console.Out,
        Console.Error,
        TimeProvider.System,
        CancellationToken.None
    ),
    _ => Usage(),
};

static async Task<int> ServeAsync(string file)
{
    _ = HostSettingsFile.Read(file);
    var app = WebApplication.CreateBuilder().Build();
    await app.RunAsync();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: Dbaas.Host serve --config FILE");
    return 2;
}
