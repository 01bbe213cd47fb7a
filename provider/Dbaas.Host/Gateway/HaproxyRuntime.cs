using System.Globalization;

namespace Dbaas.Host.Gateway;

/// <summary>What HAProxy's runtime API does for us (management guide, sections 9.3 and 9.4).</summary>
internal sealed class HaproxyRuntime(GatewayFiles files, TimeProvider time)
{
    private readonly HaproxySocket admin = new(files.AdminSocket, time);
    private readonly HaproxySocket master = new(files.MasterSocket, time);

    /// <summary>
    /// Starts a worker on the configuration on disk; it takes over the listening sockets, the old one ends with its last connection.
    /// Returns when the new one works.
    /// </summary>
    /// <returns>Null on success, else HAProxy's reason; the old worker then goes on.</returns>
    public async Task<string?> ReloadAsync(CancellationToken cancellationToken)
    {
        var answer = await master.AskAsync("reload", cancellationToken);
        return answer.StartsWith("Success=1", StringComparison.Ordinal)
            ? null
            : string.Join(
                " | ",
                answer
                    .Split('\n')
                    .Where(line => line.Contains("[ALERT]", StringComparison.Ordinal))
                    .Take(3)
            );
    }

    /// <summary>Waits until a worker works.</summary>
    /// <exception cref="GatewayException">None does within 10 seconds.</exception>
    public Task AnswersAsync(CancellationToken cancellationToken) =>
        admin.AskAsync("show version", cancellationToken);

    /// <summary>Brings servers and allowed networks of one entry in line; nothing that runs is touched.</summary>
    /// <returns>False when HAProxy knows a name not, or refused: a reload is the way out.</returns>
    public async Task<bool> ApplyAsync(GatewayEntry entry, CancellationToken cancellationToken)
    {
        for (var i = 0; i < entry.Slots; i++)
        {
            var server = $"{entry.EndpointId}/{HaproxyConfiguration.Slot(i)}";
            foreach (var command in ServerCommands(entry, i, server))
            {
                if (!Accepted(await admin.AskAsync(command, cancellationToken)))
                {
                    return false;
                }
            }
        }
        return await AllowAsync(entry, cancellationToken);
    }

    /// <summary>Lets nobody in any more and ends the connections through an entry, also those that an old worker still carries.</summary>
    public async Task CloseAsync(GatewayEntry entry, CancellationToken cancellationToken)
    {
        await AllowAsync(entry with { AllowedCidrs = [] }, cancellationToken);
        var workers = await WorkersAsync(cancellationToken);
        for (var i = 0; i < entry.Targets.Count; i++)
        {
            var command =
                $"shutdown sessions server {entry.EndpointId}/{HaproxyConfiguration.Slot(i)}";
            await admin.AskAsync(command, cancellationToken);
            foreach (var worker in workers)
            {
                await master.AskAsync($"@!{worker} {command}", cancellationToken);
            }
        }
    }

    /// <summary>Whether a server passes its check, and how many connections the current worker carries.</summary>
    public async Task<(bool Serving, int Connections)> StatusAsync(
        string endpointId,
        CancellationToken cancellationToken
    )
    {
        // Asked by name, HAProxy shows only the first of frontend and backend, which share theirs.
        var csv = await admin.AskAsync("show stat -1 7 -1", cancellationToken);
        var rows = HaproxyStatistics.Parse(csv, endpointId);
        return (
            rows.Any(row => row.IsServer && row.PassedCheck),
            rows.Where(row => row.IsFrontend).Sum(row => row.Connections)
        );
    }

    /// <summary>Names of the entries that the current worker listens for.</summary>
    public async Task<IReadOnlySet<string>> EntriesAsync(CancellationToken cancellationToken) =>
        HaproxyStatistics.Frontends(await admin.AskAsync("show stat -1 1 -1", cancellationToken));

    private static IEnumerable<string> ServerCommands(GatewayEntry entry, int slot, string server)
    {
        if (slot >= entry.Targets.Count)
        {
            yield return $"set server {server} state maint";
            yield break;
        }
        var target = entry.Targets[slot];
        var check = HaproxyConfiguration.CheckPort(target);
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"set server {server} addr {target.Address} port {target.Port}"
        );
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"set server {server} check-port {check}"
        );
        yield return $"set server {server} state ready";
    }

    /// <summary>The new list is built beside the old one and takes effect in one step: nobody is refused in between.</summary>
    private async Task<bool> AllowAsync(GatewayEntry entry, CancellationToken cancellationToken)
    {
        var list = GatewayFiles.InnerAcl(entry.EndpointId);
        var prepared = await admin.AskAsync($"prepare acl {list}", cancellationToken);
        const string answer = "New version created: ";
        if (
            !prepared.StartsWith(answer, StringComparison.Ordinal)
            || !int.TryParse(
                prepared[answer.Length..],
                CultureInfo.InvariantCulture,
                out var version
            )
        )
        {
            return false;
        }
        foreach (var cidr in entry.AllowedCidrs)
        {
            if (
                (
                    await admin.AskAsync($"add acl @{version} {list} {cidr}", cancellationToken)
                ).Length > 0
            )
            {
                return false;
            }
        }
        return (await admin.AskAsync($"commit acl @{version} {list}", cancellationToken)).Length
            == 0;
    }

    /// <summary>Process ids of all workers, the current one and those that only finish their connections.</summary>
    private async Task<IReadOnlyList<int>> WorkersAsync(CancellationToken cancellationToken)
    {
        var table = await master.AskAsync("show proc", cancellationToken);
        return
        [
            .. table
                .Split('\n')
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is [_, "worker", ..])
                .Select(words => int.Parse(words[0], CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The commands answer nothing, or say in words that they changed something or had nothing to change.</summary>
    private static bool Accepted(string answer) =>
        answer.Length == 0
        || answer.Contains("changed", StringComparison.Ordinal)
        || answer.Contains("no need to change", StringComparison.Ordinal);
}
