using System.ComponentModel;
using System.Text.Json;
using Dbaas.Engines.Members;
using Dbaas.Engines.Processes;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>A server that ends without a request of ours is started again, until it runs or somebody asks for a stop.</summary>
internal sealed partial class MySqlMember
{
    private static readonly TimeSpan CalmAfter = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private readonly Lock _recovering = new();
    private WatchedProcess? _watched;
    private TimeSpan _delay;
    private bool _recovers;

    // Server, disk and files can fail in these ways; anything else is a bug and must not be dressed up as their failure.
    private static bool IsOfTheOutsideWorld(Exception failure) =>
        failure
            is MemberFailure
                or MySqlException
                or IOException
                or InvalidDataException
                or UnauthorizedAccessException
                or JsonException
                or Win32Exception;

    private ApplyResult Failed(Exception failure, string phase, PhaseClock clock)
    {
        var code = (failure as MemberFailure)?.Code ?? "engine.failed";
        var lines = _log.Last(30);
        var explained = code == "engine.start_failed" ? FailureWords.Explain(lines) : null;
        var message = _log.Clean(
            explained is { } reason ? $"{failure.Message} {reason.Advice}" : failure.Message
        );
        var refused = code is "agent.stale_generation" or "engine.not_running";
        _phase =
            _server.Runs ? "running"
            : refused ? phase
            : "failed";
        if (!refused)
        {
            _troubles.Note(explained?.Code ?? code, message);
            _environment.Log($"{code}: {message}");
        }

        // A data directory that nobody was told of is the caller's to start again; any other comes back by itself.
        if (!refused && !_server.Runs && File.Exists(_paths.Durable))
        {
            _ = RecoverAsync(_server.Process, TimeSpan.Zero);
        }

        return new ApplyResult
        {
            Succeeded = false,
            Health = Snapshot(),
            Code = explained?.Code ?? code,
            Message = message,
            LogLines = refused ? [] : lines,
            PhaseMilliseconds = clock.Milliseconds,
        };
    }

    /// <summary>Sees to it that the end of the current server process is noticed at once.</summary>
    private void WatchServer()
    {
        _watch.Begin();
        if (_server.Process is not { } process || ReferenceEquals(process, _watched))
        {
            return;
        }

        _watched = process;
        var started = _time.GetTimestamp();
        _ = process.Exited.ContinueWith(
            _ => RecoverAsync(process, _time.GetElapsedTime(started)),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
    }

    /// <summary>Starts the server again after a crash: at once the first time, then less and less often.</summary>
    private async Task RecoverAsync(WatchedProcess? ended, TimeSpan lived)
    {
        if (!_state.Desired || _phase is "stopping" or "starting")
        {
            return;
        }

        lock (_recovering)
        {
            if (_recovers)
            {
                return;
            }

            _recovers = true;
        }

        try
        {
            if (lived > CalmAfter)
            {
                _delay = TimeSpan.Zero;
            }

            while (_state.Desired && ReferenceEquals(_server.Process, ended))
            {
                // A server that dies again and again must not burn the machine.
                await Task.Delay(_delay, _time);
                _delay =
                    _delay == TimeSpan.Zero ? FirstDelay
                    : _delay * 2 < LongestDelay ? _delay * 2
                    : LongestDelay;
                await TryRecoverAsync(ended);
            }
        }
        finally
        {
            lock (_recovering)
            {
                _recovers = false;
            }
        }

        // It may have died again before the mark above was taken away.
        if (_server.Process is { HasExited: true } again && _phase == "running")
        {
            await RecoverAsync(again, TimeSpan.Zero);
        }
    }

    private async Task TryRecoverAsync(WatchedProcess? ended)
    {
        await _gate.WaitAsync();
        try
        {
            if (
                !_state.Desired
                || !ReferenceEquals(_server.Process, ended)
                || _spec is not { } spec
            )
            {
                return;
            }

            _phase = "starting";
            var clock = new PhaseClock(_time);
            var reason = FailureWords.Explain(_log.Last(30))?.Advice ?? "";
            var fallen = await StartServerAsync(
                spec,
                OptionFile.Of(spec, _paths),
                clock,
                CancellationToken.None
            );
            WatchServer();
            await _server.Group!.StartAsync(spec, CancellationToken.None);
            clock.End("group");
            var message =
                $"The server ended unexpectedly and was started again. {reason}{fallen}".Trim();
            _troubles.Note(AgentFailures.Restarted, message);
            _environment.Log(
                $"{message} ({string.Join(", ", clock.Milliseconds.Select(phase => $"{phase.Key} {phase.Value:0} ms"))})"
            );
            _phase = "running";
        }
        catch (Exception failure) when (IsOfTheOutsideWorld(failure))
        {
            _phase = "failed";
            var advice = FailureWords.Explain(_log.Last(30))?.Advice;
            var message = _log.Clean(
                advice is null ? failure.Message : $"{failure.Message} {advice}"
            );
            _troubles.Note(AgentFailures.Failed, message);
            _environment.Log($"The engine ended and cannot be started: {message}");
        }
        finally
        {
            _gate.Release();
        }
    }
}
