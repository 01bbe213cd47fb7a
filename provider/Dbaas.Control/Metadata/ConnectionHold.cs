namespace Dbaas.Control.Metadata;

/// <summary>
/// That the present flow of calls holds a connection of a role's pool. Whoever asks for another meanwhile waits for others who may do the
/// same: as many of them as there are connections lock each other out until all are refused. It works alone, so only a herd would show
/// it; tests switch <see cref="RefuseNested"/> on and see it at once.
/// </summary>
internal sealed class ConnectionHold
{
    /// <summary>Name of the switch (<see cref="AppContext"/>) that makes asking for a second connection an error.</summary>
    public const string RefuseNested = "Dbaas.Control.RefuseNestedConnections";

    private static readonly AsyncLocal<ConnectionHold?> s_current = new();
    private readonly string _role;
    private readonly ConnectionHold? _outer;
    private volatile bool _ended;

    private ConnectionHold(string role, ConnectionHold? outer) => (_role, _outer) = (role, outer);

    /// <summary>Begins one. Not to be called from an async method: its caller would not be marked.</summary>
    /// <exception cref="InvalidOperationException">The switch is on, and the flow holds a connection of this role.</exception>
    public static ConnectionHold Begin(string role)
    {
        var outer = Held(s_current.Value);
        if (Refuses)
        {
            for (var held = outer; held is not null; held = Held(held._outer))
            {
                if (held._role == role)
                {
                    throw new InvalidOperationException(
                        $"A connection of {role} is asked for while one is held: end the first transaction before, or pass it on."
                    );
                }
            }
        }

        return s_current.Value = new ConnectionHold(role, outer);
    }

    /// <summary>For what takes seconds, or a connection of its own.</summary>
    /// <param name="what">A sentence's beginning, e.g. "A host is asked".</param>
    /// <exception cref="InvalidOperationException">The switch is on, and the flow holds a connection.</exception>
    public static void MustBeNone(string what)
    {
        if (Refuses && Held(s_current.Value) is { } held)
        {
            throw new InvalidOperationException(
                $"{what} while a connection of {held._role} is held: end its transaction before."
            );
        }
    }

    public void End() => _ended = true;

    private static bool Refuses =>
        AppContext.TryGetSwitch(RefuseNested, out var refuses) && refuses;

    // Those that have ended are dropped, so that a flow that never ends does not remember all it ever held.
    private static ConnectionHold? Held(ConnectionHold? hold)
    {
        while (hold is { _ended: true })
        {
            hold = hold._outer;
        }

        return hold;
    }
}
