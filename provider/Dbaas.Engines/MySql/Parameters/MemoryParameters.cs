namespace Dbaas.Engines.MySql.Parameters;

/// <summary>
/// Which parameters are amounts of memory or storage. The server does not say so itself; its names and descriptions do, and they are
/// consistent enough to be read here in one place.
/// </summary>
internal static class MemoryParameters
{
    private static readonly string[] Endings =
    [
        "_size",
        "_bytes",
        "_capacity",
        "_limit_bytes",
        "_allowed_packet",
        "max_ram",
        "max_mmap",
        "_size_limit",
    ];

    // Sizes that count something else: rows, entries, threads, percent.
    private static readonly HashSet<string> Counts = new(StringComparer.OrdinalIgnoreCase)
    {
        "host_cache_size",
        "thread_cache_size",
        "innodb_ft_max_token_size",
        "innodb_ft_min_token_size",
        "innodb_ddl_threads",
        "innodb_concurrency_tickets",
        "binlog_transaction_dependency_history_size",
        "ngram_token_size",
        "eq_range_index_dive_limit",
    };

    public static bool IsBytes(CatalogueEntry entry) =>
        entry.Type == "integer"
        && !Counts.Contains(entry.Name)
        && !entry.Name.StartsWith("performance_schema_", StringComparison.Ordinal)
        && Array.Exists(Endings, ending => entry.Name.EndsWith(ending, StringComparison.Ordinal));
}
