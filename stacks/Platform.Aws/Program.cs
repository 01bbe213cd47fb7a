using Dbaas.Stacks.Platform.Aws;
using Pulumi;

return await Deployment.RunAsync<AwsPlatformStack>();
