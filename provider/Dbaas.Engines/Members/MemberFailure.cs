namespace Dbaas.Engines.Members;

/// <summary>A failure that the caller is told about in words, with a stable code.</summary>
internal sealed class MemberFailure(string code, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public string Code { get; } = code;
}
