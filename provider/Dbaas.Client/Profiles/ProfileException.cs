namespace Dbaas.Client.Profiles;

/// <summary>A profile is there and cannot be understood. To go on without it could mean another installation.</summary>
public sealed class ProfileException : Exception
{
    /// <inheritdoc/>
    public ProfileException() { }

    /// <inheritdoc/>
    public ProfileException(string message)
        : base(message) { }

    /// <param name="message">Names the file and what is wrong with it.</param>
    /// <param name="inner">What the reader said.</param>
    public ProfileException(string message, Exception inner)
        : base(message, inner) { }
}
