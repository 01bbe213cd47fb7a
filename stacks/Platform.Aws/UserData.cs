using System.Text;
using System.Text.RegularExpressions;

namespace Dbaas.Stacks.Platform.Aws;

/// <summary>Scripts that machines run when they start for the first time. They name secrets and never hold one.</summary>
internal static class UserData
{
    /// <summary>The script of a kind of machine, with what all machines do before it.</summary>
    /// <param name="kind">control or host.</param>
    /// <param name="values">What stands for @NAME@ in it.</param>
    /// <exception cref="InvalidOperationException">A name in the script has no value: a machine would start with a hole.</exception>
    public static string Script(string kind, IReadOnlyDictionary<string, string> values)
    {
        var text = Read("machine.sh") + Read($"{kind}.sh");
        foreach (var (name, value) in values)
        {
            text = text.Replace($"@{name}@", value, StringComparison.Ordinal);
        }

        var hole = text.Split('\n')
            .FirstOrDefault(line => !line.StartsWith('#') && Regex.IsMatch(line, "@[A-Z0-9_]+@"));
        return hole is null
            ? text
            : throw new InvalidOperationException($"{kind}.sh: no value for: {hole.Trim()}");
    }

    /// <summary>As launch templates want it.</summary>
    public static string Base64(string script) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes(script));

    private static string Read(string name)
    {
        using var stream =
            typeof(UserData).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded in this build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
