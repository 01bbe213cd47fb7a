using System.Text.Json.Nodes;

namespace Dbaas.Host.Containers;

/// <summary>
/// System calls a database server needs; everything else answers EPERM. Left out on purpose: namespaces, mount, modules, bpf,
/// ptrace, keyrings, userfaultfd, perf, io_uring (its operations bypass this filter) and 32-bit calls. <c>clone</c> is allowed
/// without namespace flags; <c>clone3</c> answers ENOSYS so that the C library falls back to it. Sockets: Unix, IPv4, IPv6 and
/// routing netlink (name look-up reads addresses through it). Why an allow-list of our own: docs/adr/0040-container-confinement.md.
/// </summary>
internal static class SeccompProfile
{
    public static JsonNode Value { get; } = Read();

    private static JsonNode Read()
    {
        using var stream =
            typeof(SeccompProfile).Assembly.GetManifestResourceStream("seccomp.json")
            ?? throw new InvalidOperationException("The seccomp profile is not in the assembly.");
        return JsonNode.Parse(stream)!;
    }
}
