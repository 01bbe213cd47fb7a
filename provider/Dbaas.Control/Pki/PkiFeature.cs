namespace Dbaas.Control.Pki;

internal static class PkiFeature
{
    public static IServiceCollection AddPki(this IServiceCollection services) =>
        services
            .AddSingleton<Authorities>()
            .AddSingleton<IAuthorities>(p => p.GetRequiredService<Authorities>())
            .AddSingleton<IInstanceCertificates, InstanceCertificates>();
}
