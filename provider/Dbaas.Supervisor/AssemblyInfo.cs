using System.Runtime.Versioning;

// Owners, modes, signals and /proc: the supervisor is a Linux program.
[assembly: SupportedOSPlatform("linux")]
