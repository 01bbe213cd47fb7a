using System.Text.Json.Serialization.Metadata;
using Dbaas.Client.Instances;
using Dbaas.Client.Keys;
using Dbaas.Client.Tenancy;

namespace Dbaas.Control.Http.Json;

/// <summary>
/// Members that only answers have. Whoever reads a resource and sends it back with a change meets them, and is better told that the
/// platform sets them than that they do not exist.
/// </summary>
internal static class ReadOnlyMembers
{
    private static readonly Dictionary<Type, Type> s_shown = new()
    {
        [typeof(InstanceInputs)] = typeof(InstanceView),
        [typeof(CreateApiKeyRequest)] = typeof(ApiKeyView),
        [typeof(CreateTenantRequest)] = typeof(TenantView),
        [typeof(RegisterKeyRequest)] = typeof(KeyView),
    };

    /// <summary>Whether the view of what <paramref name="request"/> makes has a member of this name. Members of the request do not count.</summary>
    public static bool Contains(JsonTypeInfo request, string name) =>
        s_shown.TryGetValue(request.Type, out var view)
        && request.Options.GetTypeInfo(view).Properties.Any(property => property.Name == name);
}
