namespace Dbaas.Host.Store;

/// <summary>Brings a fresh etcd under authentication. Each step may have been done by an earlier run that was killed.</summary>
internal static class EtcdAuthentication
{
    public static async Task EnsureAsync(
        EtcdConnection connection,
        string password,
        CancellationToken cancellationToken
    )
    {
        if (await IsOnAsync(connection, cancellationToken))
        {
            return;
        }
        var root = new EtcdCredentials(StoreKeys.Root, password);
        await TryAsync(() =>
            connection.PostAsync(
                "/v3/auth/user/add",
                root,
                StoreJson.Default.EtcdCredentials,
                null,
                cancellationToken
            )
        );
        // A killed run may have written its password file after it made the user.
        await connection.PostAsync(
            "/v3/auth/user/changepw",
            root,
            StoreJson.Default.EtcdCredentials,
            null,
            cancellationToken
        );
        await TryAsync(() =>
            connection.PostAsync(
                "/v3/auth/role/add",
                new(StoreKeys.Root),
                StoreJson.Default.EtcdName,
                null,
                cancellationToken
            )
        );
        await connection.PostAsync(
            "/v3/auth/user/grant",
            new(StoreKeys.Root, StoreKeys.Root),
            StoreJson.Default.EtcdGrantRole,
            null,
            cancellationToken
        );
        await connection.PostAsync(
            "/v3/auth/enable",
            new(),
            StoreJson.Default.EtcdEmpty,
            null,
            cancellationToken
        );
    }

    private static async Task<bool> IsOnAsync(
        EtcdConnection connection,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var status = await connection.PostAsync(
                "/v3/auth/status",
                new(),
                StoreJson.Default.EtcdEmpty,
                null,
                cancellationToken
            );
            return status.Enabled ?? false;
        }
        catch (EtcdRefusal)
        {
            // With authentication on, the question itself needs a token: that is the answer.
            return true;
        }
    }

    private static async Task TryAsync(Func<Task<EtcdAnswer>> call)
    {
        try
        {
            await call();
        }
        catch (EtcdRefusal refusal) when (refusal.AlreadyExists)
        {
            // An earlier run came this far.
        }
    }
}
