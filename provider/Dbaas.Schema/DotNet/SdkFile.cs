namespace Dbaas.Schema.DotNet;

/// <summary>One file of the .NET SDK.</summary>
/// <param name="Path">Below sdk/dotnet, with forward slashes.</param>
/// <param name="Content">Text with line feeds, ending in one.</param>
public sealed record SdkFile(string Path, string Content);
