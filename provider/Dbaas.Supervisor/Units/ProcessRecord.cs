namespace Dbaas.Supervisor.Units;

/// <summary>
/// Which process a unit is: <c>run/UNIT.json</c>. The number alone would do harm: after a reboot or a long time it may be another
/// program's, and we would believe a dead unit alive, or kill a stranger. The start time, in clock ticks since boot, tells them apart.
/// </summary>
/// <param name="Pid">Process id.</param>
/// <param name="StartTicks">Field 22 of /proc/PID/stat.</param>
/// <param name="BootId">A pid with the same ticks of another boot is another process.</param>
/// <param name="Fingerprint">Of the unit it was started as.</param>
internal sealed record ProcessRecord(int Pid, long StartTicks, string BootId, string Fingerprint);
