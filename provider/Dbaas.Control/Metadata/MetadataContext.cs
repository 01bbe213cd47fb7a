using Dbaas.Control.Ids;
using Microsoft.EntityFrameworkCore;

namespace Dbaas.Control.Metadata;

/// <summary>
/// Rows of the metadata. A feature brings its rows by an <see cref="IEntityTypeConfiguration{TEntity}"/> in its own folder and reads
/// them through <c>Set&lt;TRow&gt;()</c>. Only made by <see cref="ITenantTransactions"/> and <see cref="IPlatformTransactions"/>, so a
/// query without a tenant cannot be written by accident.
/// </summary>
internal sealed class MetadataContext(DbContextOptions<MetadataContext> options)
    : DbContext(options)
{
    public override Task<int> SaveChangesAsync(
        bool acceptAllChangesOnSuccess,
        CancellationToken cancellationToken = default
    )
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
        {
            if (entry.State == EntityState.Modified)
            {
                entry.Entity.Version++;
            }
        }

        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        var types = typeof(MetadataContext)
            .Assembly.GetTypes()
            .Where(type =>
                type.IsValueType
                && type.GetInterfaces()
                    .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITypedId<>))
            );
        foreach (var type in types)
        {
            configurationBuilder
                .Properties(type)
                .HaveConversion(typeof(TypedIdValueConverter<>).MakeGenericType(type));
        }

        configurationBuilder
            .Properties<System.Text.Json.Nodes.JsonNode>()
            .HaveConversion<JsonNodeConverter, JsonNodeComparer>()
            .HaveColumnType("jsonb");
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(MetadataContext).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(SnakeCase.From(property.Name));
                if (
                    property.Name == nameof(IVersioned.Version)
                    && typeof(IVersioned).IsAssignableFrom(entity.ClrType)
                )
                {
                    property.IsConcurrencyToken = true;
                }
            }
        }
    }
}
