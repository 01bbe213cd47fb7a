using Dbaas.Schema;
using Dbaas.Schema.Reference;

// Writes docs/reference anew. Run it from the repository's root after a change of schema.json; a test fails until it was.
var target = Path.Combine(args is [var root, ..] ? root : ".", "docs", "reference");
var pages = TerraformReference.Pages(PackageSchema.Embedded).ToList();
var wanted = pages
    .Select(page => Path.GetFullPath(Path.Combine(target, page.Path)))
    .ToHashSet(StringComparer.Ordinal);
foreach (var page in pages)
{
    var file = Path.Combine(target, page.Path);
    Directory.CreateDirectory(Path.GetDirectoryName(file)!);
    await File.WriteAllTextAsync(file, page.Content);
}

foreach (
    var stale in Directory
        .EnumerateFiles(Path.Combine(target, "terraform"))
        .Where(file => !wanted.Contains(Path.GetFullPath(file)))
)
{
    File.Delete(stale);
}

Console.WriteLine($"{pages.Count} pages written to {target}");
return 0;
