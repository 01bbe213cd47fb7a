using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.Control.Keys;

/// <summary>Asks a key service how a key is.</summary>
internal static class KeyStates
{
    /// <summary>enabled, disabled, pending_deletion or unreachable.</summary>
    public static async Task<string> OfAsync(
        IKeyServices services,
        CustomerKeyRow key,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var answer = await services
                .Of(key.Region)
                .DescribeKeyAsync(new DescribeKeyRequest { KeyId = key.Arn }, cancellationToken);
            var state = answer.KeyMetadata.KeyState;
            return state == KeyState.Enabled ? "enabled"
                : state == KeyState.PendingDeletion ? "pending_deletion"
                : "disabled";
        }
        catch (Exception e) when (KeyServiceFailure.Is(e) || e is InvalidOperationException)
        {
            return "unreachable";
        }
    }
}
