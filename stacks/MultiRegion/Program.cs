using Dbaas.Stacks.MultiRegion;
using Pulumi;

return await Deployment.RunAsync<MultiRegionStack>();
