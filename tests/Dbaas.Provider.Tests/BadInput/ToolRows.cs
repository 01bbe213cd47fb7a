using System.Text.RegularExpressions;
using Dbaas.Control.Tests.BadInput;
using Dbaas.Control.Tests.Support;

namespace Dbaas.Provider.Tests.BadInput;

/// <summary>The rows of the control service's own tests, as far as a tool can say the same.</summary>
internal static partial class ToolRows
{
    /// <summary>Terraform's sets hold nothing twice, so it cannot be wrong there.</summary>
    public static IReadOnlyList<InstanceRow> Of(string engine) =>
        [
            .. InstanceRows.All.Where(row =>
                (row.Engine.Length == 0 || row.Engine == engine)
                && !row.Row.EndsWith(" twice", StringComparison.Ordinal)
            ),
        ];

    /// <summary>What the tool's process needs to reach the service as the owner of a new tenant.</summary>
    public static async Task<Dictionary<string, string>> VariablesAsync(ControlFixture fixture)
    {
        var control = await fixture.StartedAsync();
        var (owner, _, key) = await fixture.TenantAsync();
        using (owner)
        {
            await ControlFixture.HasKeyAsync(owner);
        }

        return new()
        {
            ["DBAAS_ENDPOINT"] = control.Address.ToString().TrimEnd('/'),
            ["DBAAS_CA_FILE"] = control.CaFile,
            ["DBAAS_API_KEY"] = key,
        };
    }

    /// <summary>Name of a property in Terraform.</summary>
    public static string Snake(string name) =>
        Upper().Replace(name, match => "_" + match.Value.ToLowerInvariant());

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Upper();
}
