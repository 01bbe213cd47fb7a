namespace Dbaas.Control.Composition;

/// <summary>Lets a host of one region enrol.</summary>
internal sealed class EnrolmentOptions
{
    public string Region { get; set; } = "";

    /// <summary>SHA-256 of the token, 64 hex digits.</summary>
    public string TokenSha256 { get; set; } = "";
}
