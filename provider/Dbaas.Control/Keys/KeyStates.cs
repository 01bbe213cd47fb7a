using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;

namespace Dbaas.Control.Keys;

/// <summary>Asks a key service how a key is.</summary>
internal static class KeyStates
{
    public const string Enabled = "enabled";
    public const string Disabled = "disabled";
    public const string PendingDeletion = "pending_deletion";

    /// <summary>The key service refuses the platform.</summary>
    public const string Denied = "denied";

    /// <summary>The key service does not know it, or no longer.</summary>
    public const string Missing = "missing";

    /// <summary>The key service does not answer; nothing is concluded from it.</summary>
    public const string Unreachable = "unreachable";

    /// <summary>Why data under a key of this state must not be served, as a clause; null when it may.</summary>
    public static string? WhyLocked(string state) =>
        state switch
        {
            Disabled => "is disabled",
            PendingDeletion => "is pending deletion",
            Denied => "is denied to the platform by its key service",
            Missing => "is not known to its key service any more",
            _ => null,
        };

    /// <summary>One of the states above.</summary>
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
            return state == KeyState.Enabled ? Enabled
                : state == KeyState.PendingDeletion ? PendingDeletion
                : Disabled;
        }
        catch (NotFoundException)
        {
            return Missing;
        }
        catch (AmazonKeyManagementServiceException e) when (e.ErrorCode == "AccessDeniedException")
        {
            return Denied;
        }
        catch (Exception e) when (KeyServiceFailure.Is(e) || e is InvalidOperationException)
        {
            return Unreachable;
        }
    }
}
