namespace Dbaas.Provider.Tests.Fakes;

/// <summary>The ways in which a service is away, and the requests in whose middle it goes.</summary>
internal static class Restarts
{
    // Longer than the provider's patience with a service that never answered.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(1);

    public const string Refused = "refused";
    public const string AnswerLost = "answer lost";
    public const string AnswerBroken = "answer broken off";

    public static string[] Ways { get; } =
    [Refused, AnswerLost, AnswerBroken, "502 without a body", "503 with a body", "504 with a body"];

    /// <summary>A create that goes on in the background: the service dies at its POST, a poll, the read of the result and the acknowledgement.</summary>
    public static void Plan(FakeControl control, string way)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        control.CreateGate = gate;
        control.Deaths.Enqueue(Of("POST /v1/instances", way, way == Refused ? Long : Short));
        control.Deaths.Enqueue(
            Of("GET /v1/operations/*", way, Short, carried: false) with
            {
                Then = () => gate.TrySetResult(),
            }
        );
        Plan(control, way, "GET /v1/instances/*", "POST /v1/instances/*/acknowledge");
    }

    public static void Plan(FakeControl control, string way, params string[] requests)
    {
        foreach (var request in requests)
        {
            control.Deaths.Enqueue(Of(request, way, Short));
        }
    }

    private static Death Of(string request, string way, TimeSpan away, bool carried = true) =>
        new(request, away)
        {
            Carried = carried && way is AnswerLost or AnswerBroken,
            BreaksOff = way == AnswerBroken,
            Gateway = way.Split(' ')[0] is ['5', ..] status
                ? int.Parse(status, System.Globalization.CultureInfo.InvariantCulture)
                : null,
            WithBody = way.EndsWith("with a body", StringComparison.Ordinal),
        };
}
