using Dbaas.Provider.Connection;
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
            FunctionPath.Of(type.Schema, input => config[TerraformNames.Attribute(input.Name)]),
            cancellationToken
        );
        var outputs = RestJson.Terraform.ReadAll(type.Outputs, json);
        var inputs = type.Schema.Inputs.Select(input =>
        {
            var name = TerraformNames.Attribute(input.Name);
            return KeyValuePair.Create(name, config[name]);
        });
        return Value.Object([.. inputs, .. outputs.Members]);
    }
}
