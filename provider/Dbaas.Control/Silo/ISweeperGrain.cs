namespace Dbaas.Control.Silo;

/// <summary>Looks after one partition of all resources; its key is the partition's number.</summary>
[Alias("dbaas.ISweeperGrain")]
internal interface ISweeperGrain : IGrainWithIntegerKey
{
    /// <summary>Begins to sweep, and to come back by itself after a silo died.</summary>
    [Alias("Start")]
    Task StartAsync();
}
