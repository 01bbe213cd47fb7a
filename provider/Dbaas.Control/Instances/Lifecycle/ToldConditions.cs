using System.Globalization;
using Dbaas.Control.Audit;

namespace Dbaas.Control.Instances.Lifecycle;

/// <summary>What the events say of one instance already.</summary>
/// <param name="Recent">The last <see cref="Recalled"/> of <see cref="Condition.Kinds"/>, the newest first.</param>
/// <param name="Lasting">The state that was told last and whose end was not; null when there is none.</param>
internal sealed record ToldConditions(IReadOnlyList<EventRow> Recent, EventRow? Lasting)
{
    /// <summary>Many times what an agent remembers.</summary>
    public const int Recalled = 64;

    /// <summary>Stands in an event's message between the instance's name, which has none of it, and the words.</summary>
    public const string Between = ": ";

    /// <summary>How an event writes when its condition began, by which it is known again.</summary>
    public static string Since(Condition condition) =>
        condition.Since.ToString("O", CultureInfo.InvariantCulture);

    /// <summary>Whether something that happened once was told, perhaps with a cause that the agent did not see.</summary>
    public bool Knows(Condition happening) => Recent.Any(told => IsOf(told, happening));

    /// <summary>Whether what is so now was told as such or with its cause, and its end was not.</summary>
    public bool Tells(Condition condition) =>
        condition.Lasts
            ? Lasting is { } told && told.Kind == condition.Kind && IsOf(told, condition)
            : Recent.Any(told =>
                IsOf(told, condition)
                && (told.Kind == condition.Kind || told.Kind == Condition.OutOfMemory)
            );

    /// <summary>Whether words of an instance's status come from one of these events.</summary>
    public bool Said(string words) =>
        Recent
            .Append(Lasting)
            .Any(told => told?.Message.EndsWith(words, StringComparison.Ordinal) == true);

    /// <summary>
    /// What the status says of a condition: its own words, or those with the cause, which a service that was restarted meanwhile has
    /// only here.
    /// </summary>
    public string WordsOf(Condition condition) =>
        !condition.Lasts
        && Recent.FirstOrDefault(told =>
            IsOf(told, condition) && told.Kind == Condition.OutOfMemory
        )
            is { Message: var caused }
            ? caused[(caused.IndexOf(Between, StringComparison.Ordinal) + Between.Length)..]
            : condition.Message;

    private static bool IsOf(EventRow told, Condition condition) =>
        (string?)told.Data?["since"] == Since(condition);
}
