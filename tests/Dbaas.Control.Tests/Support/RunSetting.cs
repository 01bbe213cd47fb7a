using System.Globalization;

namespace Dbaas.Control.Tests.Support;

/// <summary>What a caller says of a run by environment variables: seeds, numbers, limits.</summary>
internal static class RunSetting
{
    /// <summary>The number, or null when the variable is not set or holds none.</summary>
    public static int? Number(string variable) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : null;
}
