namespace Dbaas.Control.Audit;

/// <summary>One entry of the catalogue of events.</summary>
/// <param name="Kind">Stable, dots between words.</param>
/// <param name="Severity">info, warning or error; always the same for a kind.</param>
/// <param name="Meaning">What has happened.</param>
internal sealed record EventKind(string Kind, string Severity, string Meaning);
