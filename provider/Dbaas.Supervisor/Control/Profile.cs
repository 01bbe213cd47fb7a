namespace Dbaas.Supervisor.Control;

/// <summary><c>profile.json</c>: what <c>dbaas env</c> reads. 0600; the only place the first administrator's key is kept.</summary>
internal sealed record Profile
{
    public required string Endpoint { get; init; }
    public required string CaFile { get; init; }
    public required string ApiKey { get; init; }

    /// <summary>Never prints the key.</summary>
    public override string ToString() => Endpoint;
}
