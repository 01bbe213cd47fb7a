using System.Net.Sockets;
using MySqlConnector;

namespace Dbaas.Engines.Members;

/// <summary>What the client library of MySQL's protocol throws, for every engine that is asked through it.</summary>
internal static class MySqlClient
{
    /// <summary>Whether the server ended, ends or has not begun to listen, as a client meets it.</summary>
    public static bool IsCutOff(Exception failure) =>
        failure is MySqlException ended
        && (
            ended.ErrorCode is MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.ServerShutdown
            || ended.ErrorCode == MySqlErrorCode.None
                && ended.InnerException is IOException or SocketException
        );
}
