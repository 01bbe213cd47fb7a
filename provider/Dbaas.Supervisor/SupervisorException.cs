namespace Dbaas.Supervisor;

/// <summary>Something the person at the terminal can understand and act on; shown without a stack.</summary>
internal sealed class SupervisorException(string message, Exception? inner = null)
    : Exception(message, inner);
