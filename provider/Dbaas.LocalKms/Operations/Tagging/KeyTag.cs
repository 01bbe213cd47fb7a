namespace Dbaas.LocalKms.Operations.Tagging;

internal sealed record KeyTag(string? TagKey, string? TagValue);
