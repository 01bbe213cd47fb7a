using System.Globalization;
using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;
using Npgsql;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Brings roles, databases and live settings of a running server in line with the specification. Repeatable.</summary>
internal sealed class Convergence(LocalSession session, TimeProvider time)
{
    private const string DuplicateObject = PostgresErrorCodes.DuplicateObject;
    private const string Conflict = PostgresErrorCodes.UniqueViolation;

    // Each copies the template through the WAL; two at a time share the flushes, more would only wait for the disk.
    private const int Parallelism = 2;
    private static readonly TimeSpan ReloadLimit = TimeSpan.FromSeconds(10);

    // A server that meets half a line of Patroni's file, which is written in place, ignores that reload.
    private static readonly TimeSpan ReloadAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OthersLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);

    public async Task RolesAsync(MemberSpec spec, CancellationToken cancellationToken)
    {
        try
        {
            await ConvergeRolesAsync(spec, cancellationToken);
        }
        catch (PostgresException failure) when (failure.SqlState is DuplicateObject or Conflict)
        {
            // The session of an agent that was killed finished the same work after we had looked.
            await ConvergeRolesAsync(spec, cancellationToken);
        }
    }

    private async Task ConvergeRolesAsync(MemberSpec spec, CancellationToken cancellationToken)
    {
        var verifiers = (
            await session.QueryAsync(
                "SELECT rolname::text, rolpassword FROM pg_authid WHERE rolname !~ '^pg_'",
                reader =>
                    (
                        Name: reader.GetString(0),
                        Verifier: reader.IsDBNull(1) ? null : reader.GetString(1)
                    ),
                cancellationToken
            )
        ).ToDictionary(role => role.Name, role => role.Verifier);
        var statements = RoleStatements.Converge(spec.Secrets, verifiers);
        if (statements.Length > 0)
        {
            await session.ExecuteAsync(statements, cancellationToken);
        }
    }

    /// <summary>Creates what is missing and returns the names; nothing is ever dropped.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    )
    {
        var existing = await session.QueryAsync(
            "SELECT datname::text FROM pg_database",
            reader => reader.GetString(0),
            cancellationToken
        );
        List<string> missing = [.. spec.Databases.Except(existing, StringComparer.Ordinal)];
        foreach (var name in missing)
        {
            if (DatabaseNames.Refuse(name) is { } refusal)
            {
                throw new MemberFailure("database.name", refusal);
            }
        }

        await Parallel.ForEachAsync(
            missing,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Parallelism,
                CancellationToken = cancellationToken,
            },
            (name, token) => CreateAsync(name, spec.Secrets.AdminUser, token)
        );
        return missing;
    }

    private async ValueTask CreateAsync(
        string name,
        string owner,
        CancellationToken cancellationToken
    )
    {
        try
        {
            // template0: nobody can be connected to it, while a session in template1 would make this fail.
            await session.ExecuteAsync(
                $"CREATE DATABASE {DatabaseNames.Quote(name)} OWNER {DatabaseNames.Quote(owner)} TEMPLATE template0",
                cancellationToken
            );
        }
        catch (PostgresException failure)
            when (failure.SqlState is PostgresErrorCodes.DuplicateDatabase or Conflict)
        {
            // The session of an agent that was killed finished it after we had looked; it is there, which is all we want.
        }
    }

    /// <summary>Waits until the server has read its files again after <paramref name="signal"/>, and says what it made of them.</summary>
    /// <param name="file">The agent's own settings file, the only one whose mistakes count.</param>
    public async Task<(IReadOnlyList<string> Applied, IReadOnlyList<string> Refused)> ReloadAsync(
        string file,
        Action signal,
        CancellationToken cancellationToken
    )
    {
        var probe = new SettingsProbe(session);
        var before = await probe.CurrentAsync(cancellationToken);
        var asked = await probe.NowAsync(cancellationToken);
        signal();
        var started = time.GetTimestamp();
        var signalled = started;
        while (await probe.LoadTimeAsync(cancellationToken) < asked)
        {
            if (time.GetElapsedTime(signalled) > ReloadAgain)
            {
                signal();
                signalled = time.GetTimestamp();
            }

            if (time.GetElapsedTime(started) > ReloadLimit)
            {
                throw new MemberFailure(
                    "engine.reload_timeout",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"The server has not read its settings within {ReloadLimit.TotalSeconds:0} s."
                    )
                );
            }

            await Task.Delay(Poll, time, cancellationToken);
        }

        var refused = await RefusedAsync(probe, file, cancellationToken);
        var after = await probe.CurrentAsync(cancellationToken);
        return (
            [
                .. after
                    .Where(pair => before.GetValueOrDefault(pair.Key) != pair.Value)
                    .Select(pair => pair.Key),
            ],
            refused
        );
    }

    private async Task<IReadOnlyList<string>> RefusedAsync(
        SettingsProbe probe,
        string file,
        CancellationToken cancellationToken
    )
    {
        var started = time.GetTimestamp();
        while (true)
        {
            var (refused, othersInOrder) = await probe.RefusedAsync(file, cancellationToken);
            // Patroni writes its file in milliseconds. What is wrong there for longer is a value, and does not hide ours.
            if (othersInOrder || refused.Count > 0 || time.GetElapsedTime(started) > OthersLimit)
            {
                return refused;
            }

            await Task.Delay(Poll, time, cancellationToken);
        }
    }
}
