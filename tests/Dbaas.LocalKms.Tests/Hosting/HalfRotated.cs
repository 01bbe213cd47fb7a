using Dbaas.LocalKms.Keys;
using Dbaas.LocalKms.Storage;

namespace Dbaas.LocalKms.Tests.Hosting;

/// <summary>A data folder as a crash in the middle of a replacement of the master key leaves it.</summary>
internal static class HalfRotated
{
    /// <param name="rewrapped">Ids of the keys that were wrapped anew before the crash.</param>
    public static void Leave(KmsFiles files, IEnumerable<string> rewrapped)
    {
        var settings = files.Settings(0);
        using var masterKey = MasterKey.Read(Path.Combine(files.Data, "master.key"));
        masterKey.Begin();
        var cipher = new KeyCipher(masterKey);
        using var keys = new KeyStore(settings, TimeProvider.System);
        var chosen = rewrapped.ToHashSet();
        keys.ChangeAllAsync(
                key => chosen.Contains(key.KeyId) ? cipher.Rewrapped(key) : key,
                TestContext.Current.CancellationToken
            )
            .GetAwaiter()
            .GetResult();
    }
}
