using System.Globalization;
using Dbaas.Protocol.Agent;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>What the member says about itself.</summary>
internal sealed partial class MariaDbMember
{
    public Task<AgentHealth> HealthAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Health());

    public Task<EngineLog> LogAsync(int lines, CancellationToken cancellationToken) =>
        Task.FromResult(new EngineLog { Lines = _log.Last(lines) });

    public async Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken)
    {
        var volume = new DriveInfo(_paths.VolumeRoot);
        var values = new Dictionary<string, double>
        {
            ["engine_up"] = _server.Runs ? 1 : 0,
            ["volume_size_bytes"] = volume.TotalSize,
            ["volume_free_bytes"] = volume.AvailableFreeSpace,
        };
        if (_server.Runs)
        {
            var connected = await _server.QueryAsync(
                "SELECT variable_value FROM information_schema.global_status WHERE variable_name = 'THREADS_CONNECTED'",
                cancellationToken
            );
            values["connections_current"] = double.Parse(
                connected[0],
                CultureInfo.InvariantCulture
            );
        }

        return new EngineMetrics { Values = values };
    }

    private ApplyResult Done() =>
        new()
        {
            Succeeded = true,
            Health = Health(),
            PendingRestart = Pending(),
        };

    private IReadOnlyList<string> Pending() =>
        _spec is { } spec
            ?
            [
                .. spec
                    .Settings.Where(pair => _live.GetValueOrDefault(pair.Key) != pair.Value)
                    .Select(pair => pair.Key),
            ]
            : [];

    private AgentHealth Health() =>
        new()
        {
            AgentVersion = typeof(MariaDbMember).Assembly.GetName().Version?.ToString(3) ?? "",
            Engine =
                _server.Runs ? "running"
                : File.Exists(_paths.Durable) ? "stopped"
                : "absent",
            Role = _server.Runs ? "primary" : "",
            ActualVersion = _version,
            Writable = _server.Runs,
            Managed = _server.Runs,
            Generation = _spec?.Generation ?? 0,
            PendingRestart = Pending(),
            Failure = _failure,
        };
}
