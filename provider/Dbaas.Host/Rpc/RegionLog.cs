namespace Dbaas.Host.Rpc;

internal static partial class RegionLog
{
    [LoggerMessage(
        4503,
        LogLevel.Error,
        "Store or gateway of the region do not come up; trying again"
    )]
    public static partial void NotUp(ILogger logger, Exception exception);
}
