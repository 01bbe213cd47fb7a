using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Dbaas.Engines.Processes;

/// <summary>A program to start in a session of its own, so that no signal meant for the agent reaches it.</summary>
internal sealed unsafe record ProcessStart
{
    // glibc's posix_spawn structures are 80 and 336 bytes, a signal set 128; room to spare costs nothing.
    private const int StructureBytes = 512;

    public required string Program { get; init; }
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>The whole environment; nothing is inherited, so nothing leaks.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>
    /// Output goes to this file (appended), never into a pipe: a pipe would break with the agent and take the engine along. Null
    /// inherits the starter's output.
    /// </summary>
    public string? OutputFile { get; init; }

    /// <summary>Starts the program and returns its process id. The caller must reap it.</summary>
    /// <exception cref="Win32Exception">The program cannot be executed.</exception>
    public int Start()
    {
        var actions = stackalloc byte[StructureBytes];
        var attributes = stackalloc byte[StructureBytes];
        var signals = stackalloc byte[StructureBytes];
        _ = Libc.InitialiseFileActions(actions);
        _ = Libc.InitialiseAttributes(attributes);
        List<nint> texts = [];
        try
        {
            byte* Native(string text)
            {
                var pointer = Marshal.StringToCoTaskMemUTF8(text);
                texts.Add(pointer);
                return (byte*)pointer;
            }

            if (OutputFile is not null)
            {
                _ = Libc.AddOpen(actions, 0, Native("/dev/null"), Libc.OpenReadOnly, 0);
                _ = Libc.AddOpen(
                    actions,
                    1,
                    Native(OutputFile),
                    Libc.OpenWriteOnly | Libc.OpenCreate | Libc.OpenAppend,
                    0x180 // 0600
                );
                _ = Libc.AddDuplicate(actions, 1, 2);
            }

            // .NET ignores SIGPIPE and may block signals; both would be inherited through exec.
            _ = Libc.FillSignals(signals);
            _ = Libc.SetSignalDefaults(attributes, signals);
            _ = Libc.EmptySignals(signals);
            _ = Libc.SetSignalMask(attributes, signals);
            _ = Libc.SetFlags(
                attributes,
                Libc.SpawnSetSignalDefaults | Libc.SpawnSetSignalMask | Libc.SpawnSetSession
            );

            var arguments = stackalloc byte*[Arguments.Count + 2];
            arguments[0] = Native(Program);
            for (var i = 0; i < Arguments.Count; i++)
            {
                arguments[i + 1] = Native(Arguments[i]);
            }

            arguments[Arguments.Count + 1] = null;
            var environment = stackalloc byte*[Environment.Count + 1];
            var next = 0;
            foreach (var (name, value) in Environment)
            {
                environment[next++] = Native($"{name}={value}");
            }

            environment[next] = null;
            var error = Libc.Spawn(
                out var pid,
                arguments[0],
                actions,
                attributes,
                arguments,
                environment
            );
            return error == 0
                ? pid
                : throw new Win32Exception(error, $"{Program} cannot be started (errno {error}).");
        }
        finally
        {
            _ = Libc.DestroyFileActions(actions);
            _ = Libc.DestroyAttributes(attributes);
            foreach (var text in texts)
            {
                Marshal.FreeCoTaskMem(text);
            }
        }
    }

    // A record's generated text would print the environment.
    public override string ToString() =>
        new StringBuilder(Program).Append(' ').AppendJoin(' ', Arguments).ToString();
}
