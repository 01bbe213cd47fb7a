using Microsoft.EntityFrameworkCore.Migrations;

namespace Dbaas.Control.Metadata.Migrations;

/// <summary>
/// A migration whose text is the SQL file of the same name beside it: row-level security, grants and triggers are most of our schema,
/// and SQL is where they can be read. Migrations only go forward.
/// </summary>
internal abstract class SqlMigration : Migration
{
    private const string Folder = "Dbaas.Control.Metadata.Migrations.";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        ArgumentNullException.ThrowIfNull(migrationBuilder);
        var attribute = (MigrationAttribute)
            Attribute.GetCustomAttribute(GetType(), typeof(MigrationAttribute))!;
        using var stream =
            typeof(SqlMigration).Assembly.GetManifestResourceStream(Folder + attribute.Id + ".sql")
            ?? throw new InvalidOperationException($"{attribute.Id}.sql is not embedded.");
        using var reader = new StreamReader(stream);
        migrationBuilder.Sql(reader.ReadToEnd());
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException(
            "Migrations only go forward: restore a backup of the metadata."
        );
}
