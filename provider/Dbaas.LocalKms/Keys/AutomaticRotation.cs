namespace Dbaas.LocalKms.Keys;

/// <summary>A key gets new material every <paramref name="PeriodDays"/> days.</summary>
/// <param name="PeriodDays">90 to 2560.</param>
/// <param name="Since">When it was switched on, or last rotated by itself. Rotations on demand do not move it.</param>
internal sealed record AutomaticRotation(int PeriodDays, DateTimeOffset Since)
{
    public DateTimeOffset NextAt => Since.AddDays(PeriodDays);
}
