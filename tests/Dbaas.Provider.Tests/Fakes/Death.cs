using System.IO.Enumeration;

namespace Dbaas.Provider.Tests.Fakes;

/// <summary>The service dies in the middle of a request and comes back.</summary>
/// <param name="Request">Its method and path; a star stands for anything.</param>
/// <param name="Away">How long nobody listens.</param>
internal sealed record Death(string Request, TimeSpan Away)
{
    /// <summary>The request is carried out before; only its answer is lost.</summary>
    public bool Carried { get; init; }

    /// <summary>Head and beginning of an answer still come; it ends in the middle of its body.</summary>
    public bool BreaksOff { get; init; }

    /// <summary>What something in front of the service answers meanwhile; null when nothing is in front, so that connections are refused.</summary>
    public int? Gateway { get; init; }

    /// <summary>Whether that answer has a body.</summary>
    public bool WithBody { get; init; }

    /// <summary>Happens in that moment.</summary>
    public Action? Then { get; init; }

    /// <param name="request">Method and path.</param>
    public bool IsAt(string request) =>
        FileSystemName.MatchesSimpleExpression(Request, request, ignoreCase: false);
}
