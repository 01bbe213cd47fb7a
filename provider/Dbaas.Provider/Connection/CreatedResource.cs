using System.Text.Json.Nodes;

namespace Dbaas.Provider.Connection;

/// <param name="View">The resource as REST shows it.</param>
/// <param name="Adopted">It was there before: an earlier run made it and never arrived. Its inputs may differ from ours.</param>
internal sealed record CreatedResource(JsonObject View, bool Adopted);
