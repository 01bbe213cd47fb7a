namespace Dbaas.Cli.Output;

/// <summary>One column of a list.</summary>
/// <param name="RightAligned">For numbers.</param>
internal sealed record Column<T>(string Title, Func<T, string?> Text, bool RightAligned = false);
