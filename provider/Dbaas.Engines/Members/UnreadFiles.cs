namespace Dbaas.Engines.Members;

/// <summary>
/// Files that a running process reads again when it is told to. Written and told are two steps: of an agent killed between them the next
/// one finds files that are as they should be, and would leave the process with the old ones for ever, an expired certificate for example.
/// So a mark says that the process has not read all that was written.
/// </summary>
/// <param name="mark">On the same volume; holds nothing.</param>
internal sealed class UnreadFiles(string mark)
{
    /// <summary>Writes what differs; true when the process must be told, because of this or of an earlier writing.</summary>
    /// <param name="files">What shall be.</param>
    /// <param name="flush">As in <see cref="PrivateFile.Write"/>.</param>
    public bool Write(IReadOnlyList<(string Path, string Text)> files, bool flush = true)
    {
        foreach (var (path, text) in files)
        {
            if (!PrivateFile.Holds(path, text))
            {
                // Not flushed: what the mark is lost with ends the process as well, and its next start reads everything.
                PrivateFile.Write(mark, "", flush: false);
                PrivateFile.Write(path, text, flush);
            }
        }

        return File.Exists(mark);
    }

    /// <summary>The process has read them all since they were last written.</summary>
    public void WereRead() => File.Delete(mark);
}
