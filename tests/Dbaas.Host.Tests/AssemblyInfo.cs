// Volumes, namespaces and cgroups are Linux's own; there is nothing to port.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
// One kernel: tests that make bridges, mounts and cgroups take turns. Builds of images touch none of them and take as long as all others.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly, MaxParallelThreads = 2)]
