using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Dbaas.Control.Metadata;

/// <summary>Finds changes inside a node, so that a step may edit the object it was given.</summary>
internal sealed class JsonNodeComparer()
    : ValueComparer<JsonNode>(
        (left, right) => JsonNode.DeepEquals(left, right),
        node => node.ToJsonString(null).GetHashCode(StringComparison.Ordinal),
        node => node.DeepClone()
    );
