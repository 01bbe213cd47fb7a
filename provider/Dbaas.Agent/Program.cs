using Dbaas.Agent.Reaping;
using Dbaas.Agent.Serving;

// dbaas-agent reaper [PROGRAM]   PID 1 of a machine: keeps `PROGRAM serve` running (default: this program)
// dbaas-agent serve              the agent itself
return args switch
{
    ["reaper"] => Reaper.Run(Environment.ProcessPath!),
    ["reaper", var program] => Reaper.Run(program),
    ["serve"] => await AgentServer.RunAsync(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: dbaas-agent reaper [PROGRAM] | serve");
    return 2;
}
