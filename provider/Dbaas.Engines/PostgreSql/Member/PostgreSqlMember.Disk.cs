using Dbaas.Engines.Processes;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Turns writes away before the volume is full, and lets them in again once there is room.</summary>
internal sealed partial class PostgreSqlMember
{
    private const string FullVolume =
        "The volume is nearly full, so new transactions are read-only. Raise storageGib, or remove data in a transaction begun with BEGIN READ WRITE.";

    private const string ReadOnlySetting = "default_transaction_read_only";

    protected override IReadOnlyDictionary<string, string> Guarded(
        IReadOnlyDictionary<string, string> settings
    ) => Guarded(settings, Disk.Low);

    private static IReadOnlyDictionary<string, string> Guarded(
        IReadOnlyDictionary<string, string> settings,
        bool readOnly
    ) =>
        readOnly
            ? new SortedDictionary<string, string>(
                new Dictionary<string, string>(settings),
                StringComparer.Ordinal
            )
            {
                [ReadOnlySetting] = "on",
            }
            : settings;

    /// <summary>
    /// Writes the settings, which hold what transactions may by default, and waits until the server has read them when they changed. One
    /// that has not is told again at the next look.
    /// </summary>
    protected override async Task<bool> TellServerAsync(bool readOnly)
    {
        await Gate.WaitAsync();
        try
        {
            if (
                !_server.Runs
                || _server.Session is not { } session
                || Spec is not { } spec
                || !_files.Write(spec, Guarded(Settings(spec), readOnly)).Server
            )
            {
                return false;
            }

            var (applied, _) = await new Convergence(session, Time).ReloadAsync(
                _paths.SettingsFile,
                () => _server.Process!.Signal(Libc.SigHup),
                CancellationToken.None
            );
            _files.OfServer.WereRead();
            ObserveAnew();
            return applied.Contains(ReadOnlySetting);
        }
        finally
        {
            Gate.Release();
        }
    }
}
