using System.Text.Json;
using System.Text.Json.Nodes;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Connection;

/// <summary>What every resource of the service shows beside its properties.</summary>
internal static class Views
{
    /// <exception cref="AnswerException">The answer has no id.</exception>
    public static string IdOf(JsonObject view) =>
        Text(view, "id")
        ?? throw new AnswerException("The control service answered a resource without an id.");

    /// <summary>Left by a create that never arrived.</summary>
    public static bool IsUnacknowledged(JsonObject view) =>
        view["acknowledged"] is JsonValue flag && flag.GetValueKind() == JsonValueKind.False;

    /// <summary>The operation under way; null when none is.</summary>
    public static string? OperationOf(JsonObject view) => Text(view, "operationId");

    private static string? Text(JsonObject view, string member) =>
        view[member] is JsonValue text && text.GetValueKind() == JsonValueKind.String
            ? text.GetValue<string>()
            : null;
}
