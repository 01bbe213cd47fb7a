using System.ComponentModel;
using System.Runtime.InteropServices;
using Dbaas.Engines.Processes;

namespace Dbaas.Engines.Members;

/// <summary>
/// Makes a data directory by copying the image's template, which is several times faster than initdb. Nothing is flushed file by
/// file: the caller flushes the volume once (<see cref="FlushAsync"/>) while the server already starts.
/// </summary>
internal static class TemplateCopy
{
    private const UnixFileMode Folder =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const int Parallelism = 2;
    private const int ChunkBytes = 256 * 1024;
    private const uint PrivateFileMode = 0x180; // 0600

    public static void Copy(string template, string target, CancellationToken cancellationToken)
    {
        if (Directory.Exists(target))
        {
            Directory.Delete(target, recursive: true);
        }

        Directory.CreateDirectory(target, Folder);
        foreach (
            var folder in Directory.EnumerateDirectories(template, "*", SearchOption.AllDirectories)
        )
        {
            Directory.CreateDirectory(target + folder[template.Length..], Folder);
        }

        Parallel.ForEach(
            Directory.EnumerateFiles(template, "*", SearchOption.AllDirectories),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = Parallelism,
                CancellationToken = cancellationToken,
            },
            () => new byte[ChunkBytes],
            (file, _, buffer) =>
            {
                CopyFile(file, target + file[template.Length..], buffer);
                return buffer;
            },
            _ => { }
        );
    }

    /// <summary>Waits until all that was written to the volume is on disk.</summary>
    public static Task FlushAsync(string volume) =>
        Task.Run(() =>
        {
            var descriptor = Libc.Open(volume, Libc.OpenReadOnly);
            if (descriptor < 0 || Libc.SyncFileSystem(descriptor) != 0)
            {
                throw new IOException(
                    $"The volume cannot be flushed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}."
                );
            }

            _ = Libc.Close(descriptor);
        });

    // A thousand small files: plain calls and one buffer a worker cost a quarter of a stream and an array for each.
    private static unsafe void CopyFile(string source, string target, byte[] buffer)
    {
        var from = Libc.Open(source, Libc.OpenReadOnly);
        var to = Libc.Create(
            target,
            Libc.OpenWriteOnly | Libc.OpenCreate | Libc.OpenExclusive,
            PrivateFileMode
        );
        try
        {
            Require(from >= 0 && to >= 0, target);
            long length = 0;
            long written = 0;
            fixed (byte* bytes = buffer)
            {
                while (true)
                {
                    var count = Libc.Read(from, bytes, ChunkBytes);
                    Require(count >= 0, source);
                    if (count == 0)
                    {
                        break;
                    }

                    // The template's WAL segment is nearly all zeros, and a hole costs neither time nor encryption.
                    var used = buffer.AsSpan(0, (int)count).LastIndexOfAnyExcept((byte)0) + 1;
                    for (nint done = 0; done < used; )
                    {
                        var part = Libc.WriteAt(to, bytes + done, used - done, length + done);
                        Require(part > 0, target);
                        done += part;
                    }

                    written = used > 0 ? length + used : written;
                    length += count;
                }
            }

            Require(written == length || Libc.SetLength(to, length) == 0, target);
        }
        finally
        {
            _ = Libc.Close(from);
            _ = Libc.Close(to);
        }
    }

    private static void Require(bool succeeded, string path)
    {
        if (!succeeded)
        {
            throw new IOException(
                $"{path} cannot be copied: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}."
            );
        }
    }
}
