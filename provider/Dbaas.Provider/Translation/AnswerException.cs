namespace Dbaas.Provider.Translation;

/// <summary>An answer of the control service has another shape than this version knows.</summary>
internal sealed class AnswerException(string message) : Exception(message);
