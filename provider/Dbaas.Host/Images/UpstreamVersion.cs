namespace Dbaas.Host.Images;

/// <summary>Reads the engine's own version out of a Debian package's (Debian Policy 5.6.12: <c>[epoch:]upstream[-revision]</c>).</summary>
internal static class UpstreamVersion
{
    /// <summary>9.7.4 of <c>9.7.4-1</c>, 11.8.3 of <c>1:11.8.3-0+deb13u1</c>, 18.6 of <c>18.6+dfsg~rc1-3</c>.</summary>
    public static string Of(string package)
    {
        var upstream = package[(package.IndexOf(':', StringComparison.Ordinal) + 1)..];
        var revision = upstream.LastIndexOf('-');
        upstream = revision < 0 ? upstream : upstream[..revision];
        // What packagers add (+dfsg, ~rc1, +really…) follows a plus or a tilde.
        var addition = upstream.AsSpan().IndexOfAny('+', '~');
        return addition < 0 ? upstream : upstream[..addition];
    }
}
