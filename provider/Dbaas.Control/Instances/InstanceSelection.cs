using System.Globalization;
using Dbaas.Control.Ids;
using Npgsql;

namespace Dbaas.Control.Instances;

/// <summary>
/// Which instances of one tenant a reading is about, as a condition that each of its queries repeats: none waits for the answer of
/// another, and all travel together. Text comes from this file alone; what users send travels as parameters.
/// </summary>
internal sealed class InstanceSelection
{
    /// <summary>The parameter that holds the tenant.</summary>
    public const string Tenant = "$1";

    private readonly string _condition;
    private readonly IReadOnlyList<object> _values;

    private InstanceSelection(string condition, params IReadOnlyList<object> values)
    {
        _condition = $"tenant_id = {Tenant} AND deleted_at IS NULL AND {condition}";
        _values = values;
    }

    /// <summary>By id, or by name when it is none.</summary>
    public static InstanceSelection One(TenantId tenant, string idOrName) =>
        TypedId.TryParse<InstanceId>(idOrName, out var id)
            ? new("instance_id = $2", tenant.ToString(), id.ToString())
            : new("name = $2", tenant.ToString(), idOrName);

    /// <summary>In the order of names.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="name">Only this name; null for all.</param>
    /// <param name="after">Only names after this one; null from the first.</param>
    /// <param name="count">At most so many.</param>
    public static InstanceSelection Page(TenantId tenant, string? name, string? after, int count)
    {
        List<object> values = [tenant.ToString(), count];
        var condition = "true";
        if (name is not null)
        {
            condition += $" AND name = {Parameter(values.Count + 1)}";
            values.Add(name);
        }

        if (after is not null)
        {
            condition += $" AND name > {Parameter(values.Count + 1)}";
            values.Add(after);
        }

        return new($"{condition} ORDER BY name LIMIT $2", values);
    }

    /// <summary>Their ids, an array.</summary>
    public string Ids => $"ARRAY({Rows("instance_id")})";

    /// <summary>Their regions, an array, one as often as it occurs.</summary>
    public string Regions => $"ARRAY({Rows("region")})";

    /// <summary>The first parameter that a query may use for itself.</summary>
    public string Next => Parameter(_values.Count + 1);

    /// <summary>A query of their rows.</summary>
    /// <param name="columns">Names of columns, a constant.</param>
    public string Rows(string columns) => $"SELECT {columns} FROM instance WHERE {_condition}";

    /// <param name="sql">Made of constants and of what this class gives.</param>
    /// <param name="more">Values from <see cref="Next"/> on.</param>
    public NpgsqlBatchCommand Query(string sql, params IEnumerable<object> more)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in _values.Concat(more))
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static string Parameter(int place) =>
        string.Create(CultureInfo.InvariantCulture, $"${place}");
}
