namespace Dbaas.Control.Machines.Simulated;

/// <summary>How a simulated call goes wrong.</summary>
public enum SimulatedFaultMode
{
    /// <summary>The call is refused and nothing happened.</summary>
    FailBefore,

    /// <summary>The effect happened, then the call failed: the caller must repeat and must find its own work.</summary>
    FailAfter,

    /// <summary>The effect happened and no answer arrives until the caller's deadline.</summary>
    LoseAnswer,

    /// <summary>The call fails, and repeating it will not help.</summary>
    FailForGood,
}
