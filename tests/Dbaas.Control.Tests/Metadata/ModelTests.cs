using Dbaas.Control.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Tests.Metadata;

/// <summary>Rows in C# and tables in SQL are written by hand; this keeps them one.</summary>
public sealed class ModelTests(PostgresFixture postgres)
{
    [Fact]
    public async Task Given_every_row_type_then_its_table_has_each_column_with_the_same_type()
    {
        var token = TestContext.Current.CancellationToken;
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        await using var transaction = await metadata.Platform.BeginAsync(token);
        await using var command = transaction.Command(
            """
            SELECT c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, NULL) || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
            """
        );
        var columns = new HashSet<string>();
        await using (var reader = await command.ExecuteReaderAsync(token))
        {
            while (await reader.ReadAsync(token))
            {
                columns.Add(reader.GetString(0));
            }
        }

        var missing =
            from entity in transaction.Db.Model.GetEntityTypes()
            from property in entity.GetProperties()
            let type = property.GetColumnType() is var t
            && t.Contains('(', StringComparison.Ordinal)
                ? t[..t.IndexOf('(', StringComparison.Ordinal)]
                : property.GetColumnType()
            let column = $"{entity.GetTableName()}.{property.GetColumnName()} {type}{(property.IsNullable ? "" : " not null")}"
            where !columns.Contains(column)
            select column;

        Assert.Empty(missing.ToArray());
    }

    [Fact]
    public async Task Given_a_migrated_database_when_it_is_migrated_again_then_nothing_happens()
    {
        await using var metadata = await TestMetadata.CreateAsync(postgres);
        await metadata.MigrateAsync();
    }
}
