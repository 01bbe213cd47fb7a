namespace Dbaas.Control.Composition;

/// <summary>Puts the service together. Tests build the same application with settings of their own.</summary>
internal static class ControlApplication
{
    /// <param name="args">The command line; <c>--config FILE</c> names the settings file.</param>
    /// <param name="adjust">Lets tests replace outside parts before the application is built.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(
            new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory }
        );
        if (builder.Configuration["config"] is { } file)
        {
            builder.Configuration.AddJsonFile(
                Path.GetFullPath(file),
                optional: false,
                reloadOnChange: false
            );
        }

        builder.AddControlFeatures();
        adjust?.Invoke(builder);
        return builder.Build().MapControlFeatures();
    }
}
