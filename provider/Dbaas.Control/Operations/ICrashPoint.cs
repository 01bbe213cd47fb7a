namespace Dbaas.Control.Operations;

/// <summary>Where fault tests end the process; does nothing unless told to.</summary>
internal interface ICrashPoint
{
    /// <summary>Called when a step was saved.</summary>
    void After(string kind, string step, string direction);
}
