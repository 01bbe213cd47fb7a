using Dbaas.Engines.Members;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>What PostgreSQL writes to its log when it fails.</summary>
internal static class KnownFailures
{
    public static FailureWords Words { get; } =
        new([
            (
                "could not map anonymous shared memory",
                "engine.out_of_memory",
                "The machine's memory is too small for shared_buffers and max_connections; lower them or raise memoryGib."
            ),
            (
                "Cannot allocate memory",
                "engine.out_of_memory",
                "The machine ran out of memory; lower work_mem, shared_buffers or max_connections, or raise memoryGib."
            ),
            (
                "out of memory",
                "engine.out_of_memory",
                "The machine ran out of memory; lower work_mem, shared_buffers or max_connections, or raise memoryGib."
            ),
            (
                "terminated by signal 9: Killed",
                "engine.out_of_memory",
                "The kernel killed a server process, most likely for its memory; lower work_mem or max_connections, or raise memoryGib."
            ),
            (
                "No space left on device",
                "engine.disk_full",
                "The volume is full; raise storageGib or remove data."
            ),
            (
                "invalid value for parameter",
                "engine.setting_refused",
                "The server refuses one of its settings; correct or remove that parameter."
            ),
            (
                "configuration file",
                "engine.setting_refused",
                "The server refuses its configuration; correct or remove the parameter that the log names."
            ),
            (
                "Address already in use",
                "engine.address_in_use",
                "Another process holds the engine's address and port inside the machine."
            ),
            (
                "could not bind",
                "engine.address_unavailable",
                "The machine has no network interface with the engine's address."
            ),
            (
                "could not load server certificate",
                "engine.certificate_refused",
                "The server refuses its certificate; issue a new one."
            ),
            (
                "could not load private key",
                "engine.certificate_refused",
                "The server refuses its private key; issue a new certificate."
            ),
            (
                "private key file",
                "engine.certificate_refused",
                "The server refuses its private key; issue a new certificate."
            ),
            (
                "could not locate a valid checkpoint record",
                "engine.data_damaged",
                "The write-ahead log is damaged; load a dump of your own into a new instance."
            ),
        ]);
}
