namespace Dbaas.Host.Images.Building;

/// <summary>The recipe's files and commands as mmdebstrap's hooks take them: a tree to copy in, and a script.</summary>
/// <param name="Before">Tree that is copied in before packages are installed.</param>
/// <param name="After">Tree that is copied in afterwards.</param>
/// <param name="Script">Runs inside the image at the end.</param>
internal sealed record StagedFiles(string Before, string After, string Script)
{
    private const string FolderName = "stage";

    public static StagedFiles Write(string buildFolder, ImageRecipe recipe)
    {
        var stage = Path.Combine(buildFolder, FolderName);
        var staged = new StagedFiles(
            Path.Combine(stage, "before"),
            Path.Combine(stage, "after"),
            Path.Combine(stage, "configure.sh")
        );
        WriteTree(staged.Before, recipe.FilesBefore);
        WriteTree(staged.After, recipe.FilesAfter);
        File.WriteAllLines(staged.Script, ["set -eu", .. recipe.Commands]);
        return staged;
    }

    public static void Delete(string buildFolder) =>
        Directory.Delete(Path.Combine(buildFolder, FolderName), recursive: true);

    private static void WriteTree(string root, IReadOnlyList<RecipeFile> files)
    {
        Directory.CreateDirectory(root);
        foreach (var file in files)
        {
            var path = root + file.Path;
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, string.Join('\n', file.Lines) + "\n");
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(file.Mode, fromBase: 8));
        }
    }
}
