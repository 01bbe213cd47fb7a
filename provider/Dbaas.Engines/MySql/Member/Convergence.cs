using Dbaas.Engines.Members;
using Dbaas.Protocol.Agent;
using MySqlConnector;

namespace Dbaas.Engines.MySql.Member;

/// <summary>Brings accounts, databases and live settings of a running server in line with the specification. Repeatable.</summary>
internal sealed partial class Convergence(
    LocalSession session,
    ParameterCatalogue catalogue,
    TimeProvider time
)
{
    public async Task AccountsAsync(MemberSpec spec, CancellationToken cancellationToken)
    {
        var stored = await session.QueryAsync(
            Accounts.Query(spec.Secrets),
            reader => new Accounts.Stored((byte[])reader[0], reader.GetInt64(1)),
            cancellationToken
        );
        foreach (var statement in Accounts.Converge(spec.Secrets, stored.FirstOrDefault()))
        {
            await session.ExecuteAsync(statement, cancellationToken);
        }
    }

    /// <summary>Creates what is missing and returns the names; nothing is ever dropped.</summary>
    public async Task<IReadOnlyList<string>> DatabasesAsync(
        MemberSpec spec,
        CancellationToken cancellationToken
    )
    {
        var existing = await session.QueryAsync(
            "SELECT CAST(schema_name AS BINARY) FROM information_schema.schemata",
            reader => System.Text.Encoding.UTF8.GetString((byte[])reader[0]),
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

        foreach (var name in missing)
        {
            await session.ExecuteAsync(
                $"CREATE DATABASE IF NOT EXISTS {SqlText.Name(name)}",
                cancellationToken
            );
        }

        return missing;
    }

    /// <summary>
    /// Gives the running server what it can take without a restart. When it refuses one, those already given are taken back, so that
    /// a change is made whole or not at all.
    /// </summary>
    /// <param name="live">What the server has; is brought in line.</param>
    /// <param name="wanted">What it shall have.</param>
    /// <param name="cancellationToken">Ends the work between two settings.</param>
    /// <returns>Names of the settings that changed.</returns>
    /// <exception cref="MemberFailure">The server refuses a value.</exception>
    public async Task<IReadOnlyList<string>> SettingsAsync(
        Dictionary<string, string> live,
        IReadOnlyDictionary<string, string> wanted,
        CancellationToken cancellationToken
    )
    {
        string[] changes = [.. Different(live, wanted).Where(IsLive)];
        List<(string Name, string? Before)> done = [];
        foreach (var name in (string[])[.. changes, .. Again(changes)])
        {
            var before = live.GetValueOrDefault(name);
            try
            {
                await SetAsync(name, wanted.GetValueOrDefault(name), cancellationToken);
            }
            catch (Exception failure) when (failure is MySqlException or MemberFailure)
            {
                foreach (var (given, old) in Enumerable.Reverse(done))
                {
                    await SetAsync(given, old, CancellationToken.None);
                    Keep(live, given, old);
                }

                throw new MemberFailure(
                    "engine.setting_refused",
                    $"The server refuses {name}: {failure.Message}. The previous settings stay in force.",
                    failure
                );
            }

            done.Add((name, before));
            Keep(live, name, wanted.GetValueOrDefault(name));
        }

        return changes;
    }

    // A value beyond a bound that is itself a setting (innodb_io_capacity beyond innodb_io_capacity_max) is cut to it with a warning, and
    // the bound may come later. Once all bounds are what they shall be, every value is taken as it is.
    private static IEnumerable<string> Again(string[] changes) =>
        changes.Length > 1 ? changes.Where(name => name != BufferPoolSize) : [];

    /// <summary>Settings whose wanted value the running server does not have.</summary>
    public static IReadOnlyList<string> Different(
        IReadOnlyDictionary<string, string> live,
        IReadOnlyDictionary<string, string> wanted
    ) =>
        [
            .. live
                .Keys.Union(wanted.Keys, StringComparer.Ordinal)
                .Where(name => live.GetValueOrDefault(name) != wanted.GetValueOrDefault(name))
                .Order(StringComparer.Ordinal),
        ];

    private bool IsLive(string name) =>
        catalogue.Parameters.TryGetValue(name, out var parameter) && !parameter.RestartRequired;

    private static void Keep(Dictionary<string, string> live, string name, string? value)
    {
        if (value is null)
        {
            live.Remove(name);
        }
        else
        {
            live[name] = value;
        }
    }

    private async Task SetAsync(string name, string? value, CancellationToken cancellationToken)
    {
        await session.ExecuteAsync(
            $"SET GLOBAL {SqlText.Name(name)} = {Constant(name, value)}",
            cancellationToken
        );
        if (name == BufferPoolSize)
        {
            await BufferPoolHasSizeAsync(cancellationToken);
        }
    }

    private string Constant(string name, string? value) =>
        value is null ? "DEFAULT"
        : catalogue.Parameters[name].Type is "integer" or "real" ? value
        : SqlText.Text(value);
}
