namespace Dbaas.Control.Tests.BadInput;

/// <summary>One wrong member of an instance, and what everyone must be told of it: through REST, Terraform and Pulumi.</summary>
/// <param name="Row">Number in the catalogue of bad input, and a word.</param>
/// <param name="Engine">For which engine; empty for all.</param>
/// <param name="Member">Name in schema.json.</param>
/// <param name="Json">The wrong value.</param>
/// <param name="Code">Code of the error.</param>
/// <param name="Pointer">Where.</param>
/// <param name="Allowed">Part of what would be right.</param>
internal sealed record InstanceRow(
    string Row,
    string Engine,
    string Member,
    string Json,
    string Code,
    string Pointer,
    string Allowed = ""
);
