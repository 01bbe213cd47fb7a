using Dbaas.Stacks.Platform.Kubernetes;
using Pulumi;

return await Deployment.RunAsync<KubernetesPlatformStack>();
