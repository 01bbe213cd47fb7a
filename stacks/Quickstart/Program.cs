using Dbaas.Stacks.Quickstart;
using Pulumi;

return await Deployment.RunAsync<QuickstartStack>();
