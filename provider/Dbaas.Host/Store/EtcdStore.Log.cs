namespace Dbaas.Host.Store;

/// <content>Log lines 3201 to 3203.</content>
internal sealed partial class EtcdStore
{
    [LoggerMessage(4811, LogLevel.Information, "The region's store serves at {Endpoint}")]
    private partial void LogServing(string endpoint);

    [LoggerMessage(4812, LogLevel.Information, "Store user {Cluster} reaches its prefix")]
    private partial void LogUserEnsured(string cluster);

    [LoggerMessage(
        4813,
        LogLevel.Information,
        "Removed store user {Cluster} and its keys, existed: {Existed}"
    )]
    private partial void LogUserRemoved(string cluster, bool existed);
}
