using System.Text.RegularExpressions;

namespace Dbaas.Architecture.Tests;

/// <summary>Adding an engine is adding folders: nothing outside an engine's own folders may name one.</summary>
public sealed partial class EngineTests
{
    /// <summary>Where an engine may be named in code, each with its reason.</summary>
    private static readonly string[] Allowed =
    [
        // The engines themselves.
        "provider/Dbaas.Engines/PostgreSql/",
        "provider/Dbaas.Engines/MySql/",
        // The platform's own metadata happens to be in PostgreSQL, whatever engines it serves.
        "provider/Dbaas.Host/Metadata/",
        "provider/Dbaas.Supervisor/Verbs/UpVerb.cs",
        // Reserved for every engine alike.
        "provider/Dbaas.Control/Instances/Rules/ReservedNames.cs",
        // Makes the checked-in catalogue from a running engine; not part of what runs.
        "provider/Dbaas.Engines.Cataloguer/",
        // Opens the engine's own client program.
        "provider/Dbaas.Cli/Connect/",
    ];

    [Fact]
    public void Given_the_sources_when_string_literals_are_read_then_engines_are_named_only_in_their_folders() =>
        Assert.Equal(
            [],
            Repository
                .Sources("provider")
                .Where(file =>
                    !Allowed.Any(allowed => file.StartsWith(allowed, StringComparison.Ordinal))
                )
                .Where(file => EngineLiteral().IsMatch(WithoutComments(Repository.Read(file))))
        );

    [Fact]
    public void Given_an_engine_folder_when_other_code_is_inspected_then_only_registration_knows_its_types()
    {
        var knowing = Repository
            .Sources("provider")
            .Where(file => !file.StartsWith("provider/Dbaas.Engines", StringComparison.Ordinal))
            .Where(file => EngineNamespace().IsMatch(Repository.Read(file)))
            .ToList();

        Assert.True(
            knowing.All(file =>
                file.Contains("Composition/", StringComparison.Ordinal)
                || file.Contains("Regist", StringComparison.Ordinal)
            ),
            string.Join(", ", knowing)
        );
    }

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    [GeneratedRegex("\"(postgresql|mysql)[\"/]")]
    private static partial Regex EngineLiteral();

    [GeneratedRegex(@"Dbaas\.Engines\.(PostgreSql|MySql)\b")]
    private static partial Regex EngineNamespace();

    [GeneratedRegex("//[^\n]*")]
    private static partial Regex Comment();
}
