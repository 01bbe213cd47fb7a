using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MariaDb.Member;

/// <summary>What the server says about itself.</summary>
internal sealed partial class MariaDbMember
{
    protected override FailureWords Words { get; } =
        new([
            (
                "Cannot allocate memory",
                "engine.out_of_memory",
                "The machine's memory is too small; lower innodb_buffer_pool_size or raise memoryGib."
            ),
            (
                "No space left on device",
                "engine.disk_full",
                "The volume is full; raise storageGib or remove data."
            ),
            (
                "unknown variable",
                "engine.setting_refused",
                "The server does not know one of its settings; remove the parameter that the log names."
            ),
        ]);

    // One member leads itself.
    protected override bool IsManaged => _server.Runs;

    protected override bool IsOfTheServer(Exception failure) => failure is MySqlException;

    protected override bool IsCutOff(Exception failure) => MySqlClient.IsCutOff(failure);

    public override async Task<EngineMetrics> MetricsAsync(CancellationToken cancellationToken)
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

    protected override async Task<Observation?> ObserveAsync(CancellationToken cancellationToken)
    {
        if (!_server.Runs)
        {
            return null;
        }

        var version = await _server.QueryAsync("SELECT VERSION()", cancellationToken);
        return new Observation(
            version[0].Split('-')[0],
            "primary",
            !await IsReadOnlyAsync(cancellationToken),
            "",
            Spec is { } spec ? Pending(spec) : []
        );
    }

    protected override async Task<bool> TellServerAsync(bool readOnly)
    {
        await Gate.WaitAsync();
        try
        {
            if (!_server.Runs || await IsReadOnlyAsync(CancellationToken.None) == readOnly)
            {
                return false;
            }

            await _server.ExecuteAsync(
                $"SET GLOBAL read_only = {(readOnly ? "ON" : "OFF")}",
                CancellationToken.None
            );
            ObserveAnew();
            return true;
        }
        finally
        {
            Gate.Release();
        }
    }

    private async Task<bool> IsReadOnlyAsync(CancellationToken cancellationToken) =>
        await _server.QueryAsync("SELECT @@GLOBAL.read_only", cancellationToken) is not ["0"];

    /// <summary>Settings that wait for a restart.</summary>
    private IReadOnlyList<string> Pending(MemberSpec spec) =>
        [
            .. spec
                .Settings.Where(pair => _live.GetValueOrDefault(pair.Key) != pair.Value)
                .Select(pair => pair.Key),
        ];
}
