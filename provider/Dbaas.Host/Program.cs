using Dbaas.Host.Configuration;

// Dbaas.Host serve --config FILE    the daemon (also the default verb)
return args switch
{
    ["serve", "--config", var file] => await ServeAsync(file),
    ["--config", var file] => await ServeAsync(file),
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
