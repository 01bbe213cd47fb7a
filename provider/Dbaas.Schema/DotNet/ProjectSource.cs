using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbaas.Schema.DotNet;

/// <summary>Writes what makes a package of the classes: project, version, plugin descriptor, README.</summary>
internal static class ProjectSource
{
    public static IEnumerable<SdkFile> Files(PackageSchema package, DotNetNames names) =>
        [
            new($"{names.Namespace}.csproj", Project(package, names)),
            new("version.txt", package.Version + "\n"),
            new("pulumi-plugin.json", Plugin(package)),
            new("README.md", Readme(package, names)),
        ];

    /// <summary>How `pulumi` learns which plugin, in which version, a NuGet package needs.</summary>
    private static string Plugin(PackageSchema package)
    {
        var descriptor = new JsonObject
        {
            ["resource"] = true,
            ["name"] = package.Name,
            ["version"] = package.Version,
        };
        if (package.Metadata.PluginDownloadUrl is { } url)
        {
            descriptor["server"] = url;
        }

        return descriptor.ToJsonString(IndentedJson) + "\n";
    }

    private static JsonSerializerOptions IndentedJson { get; } =
        new() { WriteIndented = true, NewLine = "\n" };

    private static string Project(PackageSchema package, DotNetNames names)
    {
        var about = package.Metadata;
        string[] metadata =
        [
            Element("PackageId", names.Namespace),
            Element("Authors", about.Publisher),
            Element("Description", package.Description),
            Element("PackageTags", string.Join(' ', about.Keywords)),
            Element("PackageLicenseExpression", about.License),
            Element("PackageProjectUrl", about.Homepage),
            Element("RepositoryUrl", about.Repository),
        ];
        return $"""
            <!-- Generated from schema.json by provider/Dbaas.Schema.Generator. Do not edit. -->
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net8.0</TargetFramework>
                <Version>{package.Version}</Version>
            {string.Concat(metadata)}    <PackageReadmeFile>README.md</PackageReadmeFile>
                <!-- What Pulumi itself needs is Pulumi's to say, not this repository's. -->
                <CentralPackageTransitivePinningEnabled>false</CentralPackageTransitivePinningEnabled>
                <EmbedUntrackedSources>true</EmbedUntrackedSources>
                <IncludeSymbols>true</IncludeSymbols>
                <SymbolPackageFormat>snupkg</SymbolPackageFormat>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Pulumi" />
              </ItemGroup>
              <ItemGroup>
                <EmbeddedResource Include="version.txt" />
                <None Include="version.txt" Pack="true" PackagePath="content" />
                <EmbeddedResource Include="pulumi-plugin.json" />
                <None Include="pulumi-plugin.json" Pack="true" PackagePath="content" />
                <None Include="README.md" Pack="true" PackagePath="/" />
              </ItemGroup>
            </Project>

            """.ReplaceLineEndings("\n");
    }

    private static string Element(string name, string? value) =>
        string.IsNullOrEmpty(value)
            ? ""
            : $"    <{name}>{value.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)}</{name}>\n";

    private static string Readme(PackageSchema package, DotNetNames names)
    {
        var resource = package.Resources[0];
        var example = Reference.CSharpExample.Resource(resource);
        return $"""
            # {names.Namespace}

            {package.Description}

            ```csharp
            {example.TrimEnd('\n')}
            ```

            The package asks the Pulumi command line for the plugin `{package.Name}` {package.Version}. Where none can be downloaded it is installed by
            hand: `pulumi plugin install resource {package.Name} {package.Version} --file pulumi-resource-{package.Name}-v{package.Version}-linux-amd64.tar.gz`.

            Endpoint, authority and API key come from the stack's configuration (`{package.Name}:endpoint` and so on), else from the environment
            (`DBAAS_ENDPOINT`, `DBAAS_CA_FILE`, `DBAAS_API_KEY`), else from the profile that the platform wrote.

            """.ReplaceLineEndings("\n");
    }
}
