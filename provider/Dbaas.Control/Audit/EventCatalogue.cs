namespace Dbaas.Control.Audit;

/// <summary>
/// Every event the platform writes. docs/events.md is made from it; a test fails when a kind in the source is not here, and when something
/// else is written while the tests run.
/// </summary>
internal static class EventCatalogue
{
    /// <summary>Kept for audit.</summary>
    public static IReadOnlyList<EventKind> Trail { get; } =
    [
        new(
            "access.denied",
            "warning",
            "A known caller lacked the right for a request; nothing was done."
        ),
        new(
            "access.unauthenticated",
            "warning",
            "A request came with a key that is not valid; nothing was done."
        ),
        new("api_key.created", "info", "An API key was made."),
        new("api_key.revoked", "info", "An API key was revoked and is refused from now on."),
        new("credentials.fetched", "info", "Somebody read the credentials of a database."),
        new("host.enrolled", "info", "A host got its certificates."),
        new(
            "host.enrolment_refused",
            "warning",
            "Somebody tried to enrol a host with a wrong token, or with one that belongs to another key or address."
        ),
        new(
            "instance.acknowledged",
            "info",
            "The tool that asked for a create has stored its result."
        ),
        new(
            "instance.adopted",
            "info",
            "A create that its tool had not stored was taken over by a new run."
        ),
        new(
            "instance.certificates.due",
            "info",
            "The certificates of a database have reached two thirds of their life; they are renewed without a restart."
        ),
        new(
            "instance.changed",
            "info",
            "A change took effect that needs no operation, or waits for its window."
        ),
        new(
            "instance.condition_ended",
            "info",
            "A full volume or slow storage, told of before, is over."
        ),
        new(
            "instance.deleted",
            "info",
            "An instance is gone; the proof of what was removed is in the data."
        ),
        new(
            "instance.engine_restarted",
            "warning",
            "The engine ended by itself and was started again; the message has its last words."
        ),
        new("instance.host_answers", "info", "A host that was silent answers again."),
        new(
            "instance.host_silent",
            "warning",
            "The host of a database does not answer; nothing is concluded from it and nothing is moved."
        ),
        new(
            "instance.key_state",
            "warning",
            "A customer key was taken away or given back, and the platform stops or starts the database."
        ),
        new(
            "instance.keys.shredded",
            "info",
            "The data keys of an instance were destroyed; its data can never be read again."
        ),
        new(
            "instance.out_of_memory",
            "warning",
            "The kernel ended a process of the engine for its memory; the message says what to lower or raise."
        ),
        new(
            "instance.pending_changes.taken_back",
            "error",
            "What waited for the maintenance window failed in it and was taken back; the reason is in the message."
        ),
        new(
            "instance.storage_slow",
            "warning",
            "The volume takes writes far too slowly; it ends with instance.condition_ended."
        ),
        new(
            "instance.unhealthy",
            "warning",
            "The agent sees something else wrong with the engine; it is in the message."
        ),
        new(
            "instance.volume_full",
            "warning",
            "The volume is nearly full and writes are refused before it is; it ends with instance.condition_ended."
        ),
        new("key.registered", "info", "A customer key was registered."),
        new("operation.cancel.requested", "info", "Somebody asked to cancel an operation."),
        new("price.changed", "info", "What an hour costs in a region was changed."),
        new(
            "request.refused",
            "warning",
            "A change that a known caller asked for was refused; the code is in the data."
        ),
        new("tenant.created", "info", "A tenant was made."),
        new("tenant.quota.changed", "info", "The quota of a tenant was changed."),
    ];

    /// <summary>Shown to those who wait for an operation; no part of the audit trail.</summary>
    public static IReadOnlyList<EventKind> Progress { get; } =
    [
        new("operation.step.done", "info", "A step has ended."),
        new("operation.step.progress", "info", "What a step that takes long is doing."),
        new(
            "operation.step.retry",
            "warning",
            "A step failed and is tried again; the reason is in the message."
        ),
        new("operation.step.started", "info", "A step has begun."),
        new("operation.step.undone", "info", "What a step had done is taken back."),
    ];

    /// <summary>What each kind of operation writes, after the kind's own name: <c>instance.create.requested</c>.</summary>
    public static IReadOnlyList<EventKind> OfOperations { get; } =
    [
        new(
            "requested",
            "info",
            "Somebody, or the platform itself, asked for it; the arguments are in the data."
        ),
        new(
            "undoing",
            "warning",
            "It cannot be finished and is being taken back; the reason is in the message."
        ),
        new("succeeded", "info", "It has ended well."),
        new("undone", "warning", "It has been taken back; nothing is left of it."),
        new("cancelled", "warning", "It was cancelled and has been taken back."),
        new("failed", "error", "It ended in the middle; the resource says why."),
    ];
}
