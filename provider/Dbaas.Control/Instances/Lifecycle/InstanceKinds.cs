namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Kinds of operations on instances; stored and public, never renamed.</summary>
internal static class InstanceKinds
{
    public const string Create = "instance.create";
    public const string Update = "instance.update";
    public const string Delete = "instance.delete";
    public const string Start = "instance.start";
    public const string Stop = "instance.stop";
    public const string Restart = "instance.restart";
    public const string Recover = "instance.recover";
    public const string Rotate = "instance.rotate_credentials";
}
