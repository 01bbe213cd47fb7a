using Dbaas.EndToEnd.Tests.Harness;

namespace Dbaas.EndToEnd.Tests.ThirdEngine;

/// <summary>MariaDB as its author would hand it in: files in the places that docs/adding-an-engine.md names.</summary>
internal static class NewEngineFiles
{
    public static string Folder =>
        Path.Combine(Repository.Root, "tests/Dbaas.EndToEnd.Tests/ThirdEngine/Added");
}
