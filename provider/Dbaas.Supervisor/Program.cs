using System.CommandLine;
using Dbaas.Supervisor.Verbs;

// Without a termination timeout the library leaves signals alone: `run` must end with 0 on TERM, or the loop that started it would start
// it again.
return await SupervisorCommandLine
    .Build(TimeProvider.System)
    .Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
