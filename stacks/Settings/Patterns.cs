namespace Dbaas.Stacks.Settings;

/// <summary>Regular expressions of what several stacks ask for.</summary>
public static class Patterns
{
    /// <summary>Name of an instance or a region: lower-case letters, digits and single hyphens.</summary>
    public const string Name = "[a-z](?:[a-z0-9]|-(?=[a-z0-9])){0,62}";

    /// <summary>IPv4 network in CIDR notation.</summary>
    public const string Network =
        @"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)/(?:3[0-2]|[12]?\d)";

    /// <summary>Name of a database.</summary>
    public const string Database = "[A-Za-z_][A-Za-z0-9_$-]{0,62}";

    /// <summary>Version of an engine, major or with minor.</summary>
    public const string EngineVersion = @"\d+(?:\.\d+){0,2}";

    /// <summary>DNS name.</summary>
    public const string HostName =
        @"(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+";
}
