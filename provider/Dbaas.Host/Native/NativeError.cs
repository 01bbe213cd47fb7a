using System.Runtime.InteropServices;

namespace Dbaas.Host.Native;

/// <summary>Turns errno into an exception that says what was tried.</summary>
internal static class NativeError
{
    public static IOException Last(string attempt)
    {
        var error = Marshal.GetLastPInvokeError();
        return new(
            $"The kernel refused {attempt}: {Marshal.GetPInvokeErrorMessage(error)} (errno {error}).",
            error
        );
    }
}
