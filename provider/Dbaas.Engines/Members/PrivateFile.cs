using System.Text;

namespace Dbaas.Engines.Members;

/// <summary>Small files that only the member may read, replaced as a whole so that a crash leaves the old or the new one.</summary>
internal static class PrivateFile
{
    /// <summary>Whether the file is there with exactly this text.</summary>
    public static bool Holds(string path, string text) =>
        File.Exists(path) && File.ReadAllText(path) == text;

    /// <summary>Writes the text; false when the file already held it.</summary>
    /// <param name="flush">False only when the caller flushes the whole volume afterwards.</param>
    public static bool Write(string path, string text, bool flush = true)
    {
        if (Holds(path, text))
        {
            return false;
        }

        var making = path + ".new";
        File.Delete(making);
        using (
            var stream = new FileStream(
                making,
                new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                }
            )
        )
        {
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: flush);
        }

        File.Move(making, path, overwrite: true);
        return true;
    }
}
