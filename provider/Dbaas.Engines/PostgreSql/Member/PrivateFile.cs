using System.Text;

namespace Dbaas.Engines.PostgreSql.Member;

/// <summary>Small files that only the member may read, replaced as a whole so that a crash leaves the old or the new one.</summary>
internal static class PrivateFile
{
    /// <summary>Writes the text; false when the file already held it.</summary>
    public static bool Write(string path, string text)
    {
        if (File.Exists(path) && File.ReadAllText(path) == text)
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
            stream.Flush(flushToDisk: true);
        }

        File.Move(making, path, overwrite: true);
        return true;
    }
}
