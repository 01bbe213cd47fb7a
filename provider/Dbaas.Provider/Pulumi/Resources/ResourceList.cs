using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Dbaas.Provider.Connection;
using Dbaas.Provider.Pulumi.Values;
using Dbaas.Provider.Pulumi.Wire;
using Dbaas.Provider.Translation;
using Dbaas.Schema;
using Google.Protobuf;

namespace Dbaas.Provider.Pulumi.Resources;

/// <summary>Lists what exists, page by page, so that it can be imported.</summary>
internal sealed class ResourceList(ProviderSession session)
{
    // What the service gives at most.
    private const long LargestPage = 500;

    public async IAsyncEnumerable<IMessage> ListAsync(
        ResourceSchema resource,
        ListRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var left = request.Limit > 0 ? request.Limit : long.MaxValue;
        var size = request.PageSize > 0 ? Math.Min(request.PageSize, LargestPage) : LargestPage;
        var cursor = request.ContinuationToken;
        var page = await session.RequiredClient.GetAsync(
            PathOf(resource, request, Math.Min(left, size), cursor),
            cancellationToken
        );
        var name = resource.Inputs.FirstOrDefault(input => input.IsName)?.Name;
        foreach (var item in (page["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            if (left-- <= 0)
            {
                yield break;
            }

            yield return new ListResponse
            {
                Result = new ListResponse.Types.Result
                {
                    Id = Views.IdOf(item),
                    Name = name is null ? "" : (string?)item[name] ?? "",
                },
            };
        }

        if (left > 0 && (string?)page["nextCursor"] is { Length: > 0 } next)
        {
            yield return new ListResponse
            {
                Continuation = new ListResponse.Types.Continuation { ContinuationToken = next },
            };
        }
    }

    private static string PathOf(
        ResourceSchema resource,
        ListRequest request,
        long limit,
        string cursor
    )
    {
        var query = StructReader
            .Read(request.Query)
            .BareMembers()
            .Members.Where(member => member.Value is Value.Text)
            .Select(member =>
                $"{Uri.EscapeDataString(member.Key)}={Uri.EscapeDataString(((Value.Text)member.Value).Content)}"
            )
            .Append(string.Create(CultureInfo.InvariantCulture, $"limit={limit}"));
        if (cursor.Length > 0)
        {
            query = query.Append($"cursor={Uri.EscapeDataString(cursor)}");
        }

        return $"{resource.Collection}?{string.Join('&', query)}";
    }
}
