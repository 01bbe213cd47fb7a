namespace Dbaas.Control.Audit;

/// <summary>Registration of events and the audit trail.</summary>
internal static class AuditFeature
{
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton<IEventWriter, EventWriter>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<TrailTime>();
        services.AddSingleton<RefusalTrail>();
        return services;
    }
}
