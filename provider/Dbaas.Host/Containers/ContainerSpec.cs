namespace Dbaas.Host.Containers;

/// <summary>
/// A container as the host wants it. What is not said here is refused: no capability, no new privileges, no device beyond the usual
/// six, root file system read-only.
/// </summary>
internal sealed record ContainerSpec
{
    /// <summary>Short name, unique in the region: a machine id, <c>etcd</c>, <c>gateway</c>. Letters, digits, <c>_ - .</c></summary>
    public required string Name { get; init; }

    /// <summary>Folder that becomes the root file system, e.g. <c>images/ID/rootfs</c>. Never written to.</summary>
    public required string RootFolder { get; init; }

    /// <summary>Program and arguments. No secrets: they are visible in <c>/proc</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The unprivileged uid and gid on the host under which everything in the container runs.</summary>
    public required int HostUid { get; init; }

    /// <summary>
    /// Uid the container sees for itself where user namespaces work; elsewhere it sees <see cref="HostUid"/>. Either way
    /// <c>/etc/passwd</c> in the container has an entry <c>dbaas</c> for it.
    /// </summary>
    public int InnerUid { get; init; } = 7000;

    /// <summary>
    /// False keeps the host's user namespace. Needed where peer credentials of host processes must be seen as they are
    /// (a server with peer authentication).
    /// </summary>
    public bool UserNamespace { get; init; } = true;

    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Bind mounts. Mount points that the image lacks are made.</summary>
    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Small files laid over the image before the start, by absolute path, readable by all. No secrets.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Name of a network namespace in <c>/run/netns</c>; null: the host's network.</summary>
    public string? NetworkNamespace { get; init; }

    public string HostName { get; init; } = "dbaas";

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>Ceiling in cores; null: none.</summary>
    public double? Cpu { get; init; }

    /// <summary>Hard limit, page cache included; null: none.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processes and threads together.</summary>
    public int MaxProcesses { get; init; } = 8192;
}

/// <summary>A host folder or file inside the container.</summary>
/// <param name="Source">Absolute path on the host.</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether the container may not write.</param>
/// <param name="NoExecute">
/// Whether no program may be started from it. Must be set where the source is itself mounted so: in a user namespace the kernel refuses
/// to take that away (mount_namespaces(7)), and the container would not start.
/// </param>
internal sealed record ContainerMount(
    string Source,
    string Target,
    bool ReadOnly = false,
    bool NoExecute = false
);
