namespace Dbaas.Control.Silo;

/// <summary>One resource with operations; its key is TENANT/RESOURCE. Only one activation runs them, one after the other.</summary>
[Alias("dbaas.IInstanceGrain")]
internal interface IInstanceGrain : IGrainWithStringKey
{
    /// <summary>There may be something to do. Returns at once.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
