using System.Runtime.Versioning;

// The plugin's socket is a Unix socket in a folder with Unix rights.
[assembly: UnsupportedOSPlatform("windows")]
