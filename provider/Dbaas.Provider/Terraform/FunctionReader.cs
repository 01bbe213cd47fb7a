using System.Globalization;
using System.Text;
using Dbaas.Provider.Translation;
using Dbaas.Schema;

namespace Dbaas.Provider.Terraform;

/// <summary>Reads a function: inputs go into the path's braces or into the query, the answer becomes the result.</summary>
internal sealed class FunctionReader(ProviderSession session)
{
    public async Task<Value.Map> ReadAsync(
        FunctionType type,
        Value.Map config,
        CancellationToken cancellationToken
    )
    {
        var json = await session.RequiredClient.GetAsync(
            PathOf(type.Schema, config),
            cancellationToken
        );
        var outputs = RestJson.ReadAll(type.Outputs, json);
        var inputs = type.Schema.Inputs.Select(input =>
        {
            var name = TerraformNames.Attribute(input.Name);
            return KeyValuePair.Create(name, config[name]);
        });
        return Value.Object([.. inputs, .. outputs.Members]);
    }

    /// <summary>The path with everything filled in and escaped.</summary>
    internal static string PathOf(FunctionSchema function, Value.Map config)
    {
        var path = function.Get;
        var query = new StringBuilder();
        foreach (var input in function.Inputs)
        {
            var text = TextOf(config[TerraformNames.Attribute(input.Name)]);
            if (!input.Query)
            {
                path = path.Replace(
                    $"{{{input.Name}}}",
                    Uri.EscapeDataString(text ?? ""),
                    StringComparison.Ordinal
                );
            }
            else if (text is not null)
            {
                query.Append(query.Length == 0 ? '?' : '&');
                query.Append(
                    CultureInfo.InvariantCulture,
                    $"{input.Name}={Uri.EscapeDataString(text)}"
                );
            }
        }

        return path + query;
    }

    private static string? TextOf(Value value) =>
        value switch
        {
            Value.Text text => text.Content,
            Value.Number number => number.Digits,
            Value.Bool flag => flag.Content ? "true" : "false",
            _ => null,
        };
}
