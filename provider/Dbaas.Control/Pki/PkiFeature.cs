namespace Dbaas.Control.Pki;

internal static class PkiFeature
{
    public static IServiceCollection AddPki(
        this IServiceCollection services,
        IConfiguration configuration
    )
    {
        services
            .AddOptions<CertificateOptions>()
            .Bind(configuration.GetSection("certificates"))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        return services
            .AddSingleton<Authorities>()
            .AddSingleton<PlatformIdentity>()
            .AddSingleton<IAuthorities>(p => p.GetRequiredService<Authorities>())
            .AddSingleton<IInstanceCertificates, InstanceCertificates>();
    }
}
