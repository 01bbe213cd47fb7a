using Dbaas.Protocol.Host;

namespace Dbaas.Host.Images;

/// <summary>For callers nobody waits for.</summary>
internal sealed class DiscardedProgress : IProgress<ImageProgress>
{
    public void Report(ImageProgress value) { }
}
