using System.Runtime.CompilerServices;
using Dbaas.Control.Metadata;

namespace Dbaas.Control.Tests.Support;

/// <summary>In every test, asking for a connection while one is held is an error, and not only a risk under load.</summary>
internal static class RefusedNesting
{
    [ModuleInitializer]
    internal static void SwitchOn() => AppContext.SetSwitch(ConnectionHold.RefuseNested, true);
}
