namespace Dbaas.Schema;

/// <summary>One allowed value of an enumeration.</summary>
/// <param name="Name">Name in code, e.g. PostgreSql.</param>
/// <param name="Value">What travels, e.g. postgresql.</param>
/// <param name="Description">Markdown, empty when schema.json has none.</param>
public sealed record EnumValue(string Name, string Value, string Description);
