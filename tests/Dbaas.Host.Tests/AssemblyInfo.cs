// Volumes, namespaces and cgroups are Linux's own; there is nothing to port.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
// One kernel: tests that make bridges, mounts and cgroups take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
