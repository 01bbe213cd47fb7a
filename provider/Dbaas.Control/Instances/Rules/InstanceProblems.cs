using Dbaas.Control.Problems;

namespace Dbaas.Control.Instances.Rules;

/// <summary>Refusals about instances.</summary>
internal static class InstanceProblems
{
    public const string Invalid = "instance.invalid";
    public const string NotFound = "instance.not_found";
    public const string NameTaken = "instance.name_taken";
    public const string Held = "instance.create_held";
    public const string Name = "instance.name_invalid";
    public const string NameReserved = "instance.name_reserved";
    public const string Engine = "instance.engine_unknown";
    public const string Version = "instance.version_unknown";
    public const string Downgrade = "instance.version_downgrade";
    public const string Upgrade = "instance.version_upgrade";
    public const string Minor = "instance.minor_unavailable";
    public const string Region = "instance.region_unknown";
    public const string Immutable = "instance.immutable";
    public const string Cpu = "instance.cpu_range";
    public const string Memory = "instance.memory_range";
    public const string Storage = "instance.storage_range";
    public const string Shrink = "instance.storage_shrink";
    public const string Cidr = "instance.cidr_invalid";
    public const string CidrOpen = "instance.cidr_open";
    public const string Database = "instance.database_invalid";
    public const string DatabaseKept = "instance.database_kept";
    public const string Window = "instance.window_invalid";
    public const string Policy = "instance.change_policy_unknown";
    public const string Tag = "instance.tag_invalid";
    public const string Key = "instance.key_unknown";
    public const string Protected = "instance.deletion_protected";
    public const string Busy = "instance.busy";
    public const string Status = "instance.status_wrong";
    public const string Parameter = "instance.parameter_invalid";

    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        new(Invalid, 422, "Instance refused", "Correct each field listed in errors."),
        new(
            NotFound,
            404,
            "No such instance",
            "Check the id or name; GET /v1/instances lists those of the tenant."
        ),
        new(
            NameTaken,
            409,
            "Name is taken",
            "Choose another name, or import the existing instance."
        ),
        new(
            Held,
            409,
            "Another run holds this create",
            "Repeat the request after Retry-After; a run that is gone lets go within 15 seconds."
        ),
        new(
            Name,
            422,
            "Invalid name",
            "Use 1 to 63 lower-case letters, digits and single hyphens, starting with a letter."
        ),
        new(NameReserved, 422, "Reserved name", "Choose another name."),
        new(Engine, 422, "Unknown engine", "Use one of the engines listed by GET /v1/engines."),
        new(
            Version,
            422,
            "Unknown engine version",
            "Use one of the versions listed by GET /v1/engines."
        ),
        new(
            Downgrade,
            422,
            "Downgrade",
            "Keep the version; move the data to a new instance for an older one."
        ),
        new(
            Upgrade,
            422,
            "Major upgrade",
            "Keep the major version; create an instance of the newer one and move the data."
        ),
        new(
            Minor,
            422,
            "Minor version not available",
            "Name a minor that is available, or the major alone."
        ),
        new(Region, 422, "Unknown region", "Use one of the regions listed by GET /v1/regions."),
        new(
            Immutable,
            422,
            "Cannot be changed in place",
            "Keep the value; create a second instance and move the data."
        ),
        new(Cpu, 422, "CPU out of range", "Use the range named."),
        new(
            Memory,
            422,
            "Memory out of range",
            "Use the range named; the engine's own minimum applies as well."
        ),
        new(Storage, 422, "Storage out of range", "Use the range named."),
        new(Shrink, 422, "Storage never shrinks", "Use at least the size named."),
        new(
            Cidr,
            422,
            "Invalid network",
            "Write a network such as 10.1.0.0/16, without host bits."
        ),
        new(CidrOpen, 200, "Open to everybody", "Name only the networks of your clients."),
        new(Database, 422, "Invalid database name", "Use another name."),
        new(
            DatabaseKept,
            200,
            "Database is kept",
            "Drop it with SQL if it is not needed any more."
        ),
        new(
            Window,
            422,
            "Invalid maintenance window",
            "Write a day, a start as HH:MM and 30 to 1440 minutes."
        ),
        new(Policy, 422, "Unknown change policy", "Use immediate or window."),
        new(
            Tag,
            422,
            "Invalid tag",
            "Use at most 50 tags, keys of 1 to 128 and values of up to 256 characters."
        ),
        new(
            Key,
            422,
            "Unknown key",
            "Use the id or alias of a key listed by GET /v1/keys in the same region."
        ),
        new(
            Protected,
            409,
            "Deletion protection is on",
            "Switch deletionProtection off in a change of its own, then delete."
        ),
        new(
            Busy,
            409,
            "Another operation is under way",
            "Wait for the operation named in the detail, then repeat."
        ),
        new(
            Status,
            409,
            "Not possible in this status",
            "See the detail for the status and what is possible."
        ),
        new(Parameter, 422, "Too many parameters", "Set at most 200 parameters."),
        new(
            "instance.remains",
            500,
            "Not everything is gone yet",
            "Nothing: the deletion goes on until the host holds nothing of it."
        ),
        new(
            "endpoint.not_serving",
            504,
            "Endpoint does not serve",
            "See the reason in the detail and the operation's events, then repeat."
        ),
        new("parameter.unknown", 422, "Unknown parameter", "Use the nearest name in allowed."),
        new("parameter.managed", 422, "Parameter kept by the platform", "Leave it out."),
        new("parameter.type", 422, "Wrong type of parameter", "Use a value as in allowed."),
        new("parameter.range", 422, "Parameter out of range", "Use a value as in allowed."),
        new("parameter.unit", 422, "Wrong unit", "Use a unit as in allowed."),
    ];
}
