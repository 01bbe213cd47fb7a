using System.Text.Json.Serialization.Metadata;

namespace Dbaas.Host.Store;

/// <summary>Calls as root; gets a new token when etcd does not know the old one any more.</summary>
internal sealed class EtcdSession(EtcdConnection connection, string password, TimeProvider time)
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private string? token;

    public async Task<EtcdAnswer> CallAsync<T>(
        string path,
        T message,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var shown = token ?? await AuthenticateAsync(cancellationToken);
            try
            {
                return await connection.PostAsync(path, message, type, shown, cancellationToken);
            }
            catch (EtcdRefusal refusal) when (refusal.TokenExpired && attempt < Attempts)
            {
                token = null;
            }
            catch (EtcdRefusal refusal) when (refusal.PermissionDenied && attempt < Attempts)
            {
                // Nothing is denied to root for long: seen in the first milliseconds after authentication went on.
                token = null;
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>As <see cref="CallAsync"/>, but what is there already, or already gone, is no error.</summary>
    /// <returns>Null when there was nothing to do.</returns>
    public async Task<EtcdAnswer?> EnsureAsync<T>(
        string path,
        T message,
        JsonTypeInfo<T> type,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await CallAsync(path, message, type, cancellationToken);
        }
        catch (EtcdRefusal refusal) when (refusal.AlreadyExists || refusal.NotFound)
        {
            return null;
        }
    }

    private async Task<string> AuthenticateAsync(CancellationToken cancellationToken)
    {
        var answer = await connection.PostAsync(
            "/v3/auth/authenticate",
            new(StoreKeys.Root, password),
            StoreJson.Default.EtcdCredentials,
            null,
            cancellationToken
        );
        return token = answer.Token!;
    }
}
