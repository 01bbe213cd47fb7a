using Dbaas.Host.Commands;

namespace Dbaas.Host.Containers;

/// <summary>Whether this kernel lets us make user namespaces. Tried once, for real: a sysctl may allow what a policy forbids.</summary>
internal sealed class UserNamespaces(ICommands commands)
{
    private readonly Lock gate = new();
    private Task<bool>? probe;

    public Task<bool> WorkAsync()
    {
        lock (gate)
        {
            return probe ??= ProbeAsync();
        }
    }

    private async Task<bool> ProbeAsync() =>
        (
            await commands.TryAsync(
                "unshare",
                ["--user", "--map-root-user", "/bin/true"],
                CancellationToken.None
            )
        ).Succeeded;
}
