namespace Dbaas.Provider.Connection;

/// <summary>The control service gave no answer that could be understood.</summary>
internal sealed class UnreachableException(string message, Exception? inner = null)
    : Exception(message, inner);
