using Dbaas.LocalKms.Hosting;

return await KmsCommandLine.Build().Parse(args).InvokeAsync();
