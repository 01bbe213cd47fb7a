using System.Runtime.InteropServices;

namespace Dbaas.Provider.Hosting;

/// <summary>The few calls of libc that .NET does not offer.</summary>
internal static partial class Native
{
    /// <summary>Sets a variable where C libraries see it; <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not.</summary>
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "getppid")]
    internal static partial int ParentProcessId();
}
