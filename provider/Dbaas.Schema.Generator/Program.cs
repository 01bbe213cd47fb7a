using Dbaas.Schema;
using Dbaas.Schema.DotNet;
using Dbaas.Schema.Reference;

// Writes docs/reference and sdk/dotnet anew. Run it from the repository's root after a change of schema.json; a test fails until it was.
var root = args is [var given, ..] ? given : ".";
var package = PackageSchema.Embedded;
Write(
    Path.Combine(root, "docs", "reference"),
    TerraformReference
        .Pages(package)
        .Concat(PulumiReference.Pages(package))
        .Select(page => (page.Path, page.Content))
);
Write(
    Path.Combine(root, "sdk", "dotnet"),
    DotNetSdk.Files(package).Select(file => (file.Path, file.Content))
);
return 0;

static void Write(string target, IEnumerable<(string Path, string Content)> files)
{
    var written = new HashSet<string>(StringComparer.Ordinal);
    foreach (var (path, content) in files)
    {
        var file = Path.GetFullPath(Path.Combine(target, path));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        written.Add(file);
    }

    // What the schema no longer has must not linger; what a build made there is none of our business.
    foreach (var file in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories))
    {
        var top = Path.GetRelativePath(target, file).Split(Path.DirectorySeparatorChar)[0];
        if (top is not ("bin" or "obj") && !written.Contains(Path.GetFullPath(file)))
        {
            File.Delete(file);
        }
    }

    Console.WriteLine($"{written.Count} files written to {target}");
}
