using Dbaas.Supervisor.Control;
using Dbaas.Supervisor.Installations;
using Dbaas.Supervisor.Units;

namespace Dbaas.Supervisor.Verbs;

/// <summary>What runs, for people.</summary>
internal sealed class StatusVerb(VerbContext context)
{
    /// <returns>0 when every unit answers, else 3.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var installation = InstallationFile.Read(context.Paths);
        context.Say(
            $"installation {installation.Id} below {context.Paths.Root}, {installation.ControlEndpoint}"
        );
        var complete = context.Records.AliveSupervisor() is not null;
        context.Say(complete ? "supervisor       runs" : "supervisor       does not run");
        using var readiness = new Readiness(() => new ControlProbe(context.Paths, installation));
        foreach (var unit in context.Records.Units())
        {
            var process = context.Records.Alive(unit.Name);
            var answers =
                process is not null && await readiness.IsReadyAsync(unit, cancellationToken);
            var state =
                process is null ? "does not run"
                : answers ? $"answers, process {process.Pid}"
                : $"runs as process {process.Pid}, does not answer";
            context.Say($"{unit.Name, -16} {state}");
            complete &= answers;
        }

        return complete ? 0 : 3;
    }
}
