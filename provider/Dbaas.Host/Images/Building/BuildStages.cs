namespace Dbaas.Host.Images.Building;

/// <summary>Tells from mmdebstrap's output how far a build is. Unknown lines change nothing: the output is no contract.</summary>
internal static class BuildStages
{
    /// <summary>Prefix by which a recipe's commands name their own stage: <c>echo "stage: template Initialising"</c>.</summary>
    public const string Marker = "stage: ";

    /// <summary>Stage and message for people, or null when the line begins no new stage.</summary>
    public static (string Stage, string Message)? Recognise(string line)
    {
        if (line.StartsWith(Marker, StringComparison.Ordinal))
        {
            var words = line[Marker.Length..].Split(' ', 2);
            return (words[0], words.Length > 1 ? words[1] : "");
        }
        return line switch
        {
            _ when line.StartsWith("I: running apt-get update", StringComparison.Ordinal) => (
                "resolving",
                "Reading package lists."
            ),
            _ when line.StartsWith("I: downloading packages", StringComparison.Ordinal) => (
                "installing",
                "Downloading the base system."
            ),
            _ when line.StartsWith("I: extracting archives", StringComparison.Ordinal) => (
                "installing",
                "Unpacking the base system."
            ),
            _ when line.StartsWith("I: installing remaining packages", StringComparison.Ordinal) =>
                ("installing", "Downloading and installing packages."),
            _ when line.StartsWith("I: running --customize-hook", StringComparison.Ordinal) => (
                "configuring",
                "Laying out files."
            ),
            _ => null,
        };
    }
}
