using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Lifecycle.Steps;
using Dbaas.Control.Operations;
using Dbaas.Engines;

namespace Dbaas.Control.Instances;

/// <summary>Registration of instances: desk, steps and workflows.</summary>
internal static class InstancesFeature
{
    public static IServiceCollection AddInstances(this IServiceCollection services)
    {
        services.AddSingleton(new EngineCatalogue(DatabaseEngines.All));
        services.AddSingleton<InstanceStore>();
        services.AddSingleton<AgentCalls>();
        services.AddSingleton<MemberSpecs>();
        services.AddSingleton<ImageLedger>();
        services.AddSingleton<InstanceChecks>();
        services.AddSingleton<InstanceDesk>();
        services.AddSingleton<InstanceReader>();
        services.AddSingleton<InstanceViews>();
        services.AddSingleton<InstanceAnswers>();
        services.AddSingleton<EngineWatch>();
        services.AddSingleton<InstanceConditions>();
        services.AddSingleton<HostSilence>();
        services.AddSingleton<PlatformOperations>();
        services.AddHostedService<Reconciler>();
        services.AddHostedService<KeyGuard>();
        services.AddSingleton<CertificateRenewal>();
        services.AddHostedService(provider => provider.GetRequiredService<CertificateRenewal>());

        services.AddSingleton<ReserveRows>();
        services.AddSingleton<EnsureImage>();
        services.AddSingleton<WrapDataKey>();
        services.AddSingleton<CreateVolume>();
        services.AddSingleton<OpenVolume>();
        services.AddSingleton<CreateMachine>();
        services.AddSingleton<StartMachine>();
        services.AddSingleton<EnsureStoreUser>();
        services.AddSingleton<IssueCertificates>();
        services.AddSingleton<StartEngine>();
        services.AddSingleton<OpenEndpoint>();
        services.AddSingleton<VerifyEndpoint>();
        services.AddSingleton<FinishRunning>();
        services.AddSingleton<BeginUpdate>();
        services.AddSingleton<ChooseImage>();
        services.AddSingleton<StopForImage>();
        services.AddSingleton<SetImage>();
        services.AddSingleton<StartOnImage>();
        services.AddSingleton<StopToGrow>();
        services.AddSingleton<RewrapDataKeys>();
        services.AddSingleton<GrowVolume>();
        services.AddSingleton<ReopenAfterGrowth>();
        services.AddSingleton<ResizeMachine>();
        services.AddSingleton<ApplySettings>();
        services.AddSingleton<RestartEngine>();
        services.AddSingleton<RestartEngineAlways>();
        services.AddSingleton<SettleMachine>();
        services.AddSingleton<SetEndpoint>();
        services.AddSingleton<FinishUpdate>();
        services.AddSingleton<CloseEndpoint>();
        services.AddSingleton<StopMachine>();
        services.AddSingleton<CloseVolume>();
        services.AddSingleton<FinishStopped>();
        services.AddSingleton<DestroyMachine>();
        services.AddSingleton<ShredKeys>();
        services.AddSingleton<DestroyVolume>();
        services.AddSingleton<RemoveStoreUser>();
        services.AddSingleton<ProveDeletion>();
        services.AddSingleton<DrawPassword>();
        services.AddSingleton<ApplyPassword>();
        services.AddSingleton<AdoptPassword>();

        services.AddSingleton<IWorkflow, CreateInstance>();
        services.AddSingleton<IWorkflow, UpdateInstance>();
        services.AddSingleton<IWorkflow, DeleteInstance>();
        services.AddSingleton<IWorkflow, StartInstance>();
        services.AddSingleton<IWorkflow, StopInstance>();
        services.AddSingleton<IWorkflow, RestartInstance>();
        services.AddSingleton<IWorkflow, RecoverInstance>();
        services.AddSingleton<IWorkflow, RotateCredentials>();
        return services;
    }
}
