namespace Dbaas.Control.Instances;

/// <summary>Status words of instances and members; public contract.</summary>
internal static class InstanceStatuses
{
    public const string Provisioning = "provisioning";
    public const string Available = "available";
    public const string Updating = "updating";
    public const string Stopped = "stopped";
    public const string Failed = "failed";
    public const string Deleting = "deleting";

    /// <summary>Of a member only.</summary>
    public const string Starting = "starting";
}
