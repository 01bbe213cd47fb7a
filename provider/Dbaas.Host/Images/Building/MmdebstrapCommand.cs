namespace Dbaas.Host.Images.Building;

/// <summary>The command line of mmdebstrap(1) for a recipe.</summary>
internal static class MmdebstrapCommand
{
    public static IReadOnlyList<string> Arguments(
        ImageRecipe recipe,
        StagedFiles staged,
        string root
    ) =>
        [
            "mmdebstrap",
            "--mode=root",
            // Essential packages only: what an engine needs comes by its dependencies, apt itself stays outside.
            "--variant=essential",
            "--format=directory",
            .. recipe.AptOptions.Select(option => $"--aptopt={option}"),
            .. recipe.ExcludePaths.Select(path => $"--dpkgopt=path-exclude={path}"),
            $"--include={string.Join(',', recipe.Packages)}",
            // $1 is the image's root. Directories keep the modes of the image: only files are copied over them.
            $"--essential-hook=cd '{staged.Before}' && find . -type f -exec install -D -p -m 0644 {{}} \"$1\"/{{}} \\; && find . -type f -exec chmod --reference={{}} \"$1\"/{{}} \\;",
            $"--customize-hook=cd '{staged.After}' && find . -type f -exec install -D -p -m 0644 {{}} \"$1\"/{{}} \\; && find . -type f -exec chmod --reference={{}} \"$1\"/{{}} \\;",
            $"--customize-hook=env -i PATH={BuildProcess.SearchPath} LC_ALL=C.UTF-8 chroot \"$1\" /bin/sh < '{staged.Script}'",
            recipe.Suite,
            root,
            .. recipe.Mirrors,
        ];
}
