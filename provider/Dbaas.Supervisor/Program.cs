using Dbaas.Supervisor.Verbs;

return await SupervisorCommandLine.Build(TimeProvider.System).Parse(args).InvokeAsync();
