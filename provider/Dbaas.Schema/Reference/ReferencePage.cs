namespace Dbaas.Schema.Reference;

/// <summary>One generated page.</summary>
/// <param name="Path">Below docs/reference, with forward slashes.</param>
/// <param name="Content">Markdown with line feeds, ending in one.</param>
public sealed record ReferencePage(string Path, string Content);
