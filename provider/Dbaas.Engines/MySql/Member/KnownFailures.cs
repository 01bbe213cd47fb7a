using Dbaas.Engines.Members;

namespace Dbaas.Engines.MySql.Member;

/// <summary>What MySQL writes to its log when it fails.</summary>
internal static class KnownFailures
{
    private const string Memory =
        "The machine's memory is too small for innodb_buffer_pool_size and the rest; lower it or raise memoryGib.";

    public static FailureWords Words { get; } =
        new([
            ("Cannot allocate memory for the buffer pool", "engine.out_of_memory", Memory),
            ("Out of memory", "engine.out_of_memory", Memory),
            ("Cannot allocate memory", "engine.out_of_memory", Memory),
            (
                "No space left on device",
                "engine.disk_full",
                "The volume is full; raise storageGib or remove data."
            ),
            (
                "disk is full",
                "engine.disk_full",
                "The volume is full; raise storageGib or remove data."
            ),
            (
                "unknown variable",
                "engine.setting_refused",
                "The server does not know one of its settings; remove the parameter that the log names."
            ),
            (
                "unknown option",
                "engine.setting_refused",
                "The server does not know one of its settings; remove the parameter that the log names."
            ),
            (
                "Error while setting value",
                "engine.setting_refused",
                "The server refuses one of its settings; correct or remove that parameter."
            ),
            (
                "Unknown/unsupported",
                "engine.setting_refused",
                "The server refuses one of its settings; correct or remove that parameter."
            ),
            (
                "Could not open required defaults file",
                "engine.setting_refused",
                "The server's configuration is missing."
            ),
            (
                "Address already in use",
                "engine.address_in_use",
                "Another process holds the engine's address and port inside the machine."
            ),
            (
                "Cannot assign requested address",
                "engine.address_unavailable",
                "The machine has no network interface with the engine's address."
            ),
            (
                "no local IP address matching",
                "engine.address_unavailable",
                "The machine has no network interface with the engine's address."
            ),
            (
                "Failed to set up SSL",
                "engine.certificate_refused",
                "The server refuses its certificate or key; issue a new one."
            ),
            (
                "Database page corruption",
                "engine.data_damaged",
                "A page of the database is damaged; load a dump of your own into a new instance."
            ),
        ]);
}
