// Volumes, namespaces and cgroups are Linux's own; there is nothing to port.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
