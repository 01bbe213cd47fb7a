using System.Runtime.CompilerServices;
using System.Text.Json;
using Dbaas.LocalKms.Hosting;
using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Principals;
using Dbaas.LocalKms.Protocol;

namespace Dbaas.LocalKms.Policies;

/// <summary>The policy of each key, parsed once for each text.</summary>
internal sealed class PolicyShelf(KmsSettings settings)
{
    private readonly ConditionalWeakTable<string, KeyPolicy> parsed = [];
    private readonly string defaultText = KeyPolicy.DefaultText(settings.AccountId);

    public string TextOf(KeyRecord key) => key.Policy ?? defaultText;

    public PolicyVerdict Judge(string principalArn, AccessRequest request) =>
        request.Key is { } key
            ? parsed
                .GetValue(TextOf(key), KeyPolicy.Parse)
                .Judge(new PolicySubject(principalArn, request))
            : PolicyVerdict.Account;

    /// <summary>Null when the text is a policy this service can enforce.</summary>
    public static KmsRefusal? Refuse(string text)
    {
        try
        {
            _ = KeyPolicy.Parse(text);
            return null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return Malformed(exception.Message);
        }
    }

    /// <summary>Whoever locks themselves out has a key that nobody can put right again.</summary>
    public static KmsRefusal LockedOut() =>
        Malformed("The new key policy will not allow you to update the key policy in the future.");

    private static KmsRefusal Malformed(string message) =>
        new("MalformedPolicyDocumentException", message);
}
