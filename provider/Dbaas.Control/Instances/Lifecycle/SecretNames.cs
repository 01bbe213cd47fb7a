using Dbaas.Control.Keys;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>Names of an instance's secrets in the vault; stored, never renamed.</summary>
internal static class SecretNames
{
    public const string Admin = "admin";

    /// <summary>The admin's next password while a rotation is under way.</summary>
    public const string NextAdmin = "admin-next";
    public const string Superuser = "superuser";
    public const string Replication = "replication";
    public const string Rest = "rest";
    public const string Store = "store";

    /// <summary>Those every instance has.</summary>
    public static IReadOnlyDictionary<string, Func<string>> Draw { get; } =
        new Dictionary<string, Func<string>>
        {
            [Admin] = Passwords.Draw,
            [Superuser] = Passwords.Draw,
            [Replication] = Passwords.Draw,
            [Rest] = Passwords.Draw,
            [Store] = Passwords.Draw,
        };
}
