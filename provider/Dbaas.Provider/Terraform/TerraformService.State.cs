using Dbaas.Provider.Terraform.Wire;
using Dbaas.Provider.Translation;
using Google.Protobuf;

namespace Dbaas.Provider.Terraform;

/// <content>State that another version of this provider has stored.</content>
internal sealed partial class TerraformService
{
    private Task<IMessage> Upgrade(UpgradeResourceState.Types.Request request)
    {
        var type = resources.Value[request.TypeName];
        var response = new UpgradeResourceState.Types.Response();
        if (request.Version > SchemaMessages.StateVersion)
        {
            // Dropping what we do not know would lose what the newer provider needs.
            response.Diagnostics.Add(
                Diagnostics.Error(
                    "The state was written by a newer provider",
                    $"It has version {request.Version} and this provider writes {SchemaMessages.StateVersion}. Use the newer provider."
                )
            );
            return Task.FromResult<IMessage>(response);
        }

        try
        {
            response.UpgradedState = Encode(
                type.Type,
                StateJson.Read(type.Type, request.RawState.Json.Span)
            );
        }
        catch (Exception error)
            when (error is System.Text.Json.JsonException or InvalidDataException)
        {
            response.Diagnostics.Add(
                Diagnostics.Error(
                    "The stored state cannot be read",
                    $"{error.Message} Remove it from state and import the resource again."
                )
            );
        }

        return Task.FromResult<IMessage>(response);
    }
}
