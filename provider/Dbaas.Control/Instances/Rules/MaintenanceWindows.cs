using System.Globalization;
using Dbaas.Client.Instances;

namespace Dbaas.Control.Instances.Rules;

/// <summary>When a weekly window is open. All times are UTC, so daylight saving moves nothing.</summary>
internal static class MaintenanceWindows
{
    public const int DefaultMinutes = 60;

    public static IReadOnlyList<string> Days { get; } =
    ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <summary>Chosen by the platform: at night in UTC, spread over the week by the instance's id.</summary>
    public static MaintenanceWindow Default(Guid instance)
    {
        var bytes = instance.ToByteArray(bigEndian: true);
        var slot = ((bytes[14] << 8) | bytes[15]) % (7 * 12);
        return new MaintenanceWindow
        {
            Day = Days[slot / 12],
            StartTime = string.Create(
                CultureInfo.InvariantCulture,
                $"{1 + (slot % 12 / 4):00}:{slot % 4 * 15:00}"
            ),
            DurationMinutes = DefaultMinutes,
        };
    }

    /// <summary>Start of the window that is open now, or null.</summary>
    public static DateTimeOffset? OpenSince(MaintenanceWindow window, DateTimeOffset now)
    {
        var start = LastStart(window, now);
        return now < start.AddMinutes(window.DurationMinutes ?? DefaultMinutes) ? start : null;
    }

    /// <summary>Start of the next window; of the one that is open when one is.</summary>
    public static DateTimeOffset Next(MaintenanceWindow window, DateTimeOffset now) =>
        OpenSince(window, now) ?? LastStart(window, now).AddDays(7);

    private static DateTimeOffset LastStart(MaintenanceWindow window, DateTimeOffset now)
    {
        var utc = now.ToUniversalTime();
        var day = Days.ToList().IndexOf(window.Day);
        var time = TimeOnly.ParseExact(window.StartTime, "HH:mm", CultureInfo.InvariantCulture);
        var back = ((int)utc.DayOfWeek - day + 7) % 7;
        var start = new DateTimeOffset(
            DateOnly.FromDateTime(utc.UtcDateTime).AddDays(-back),
            time,
            TimeSpan.Zero
        );
        return start <= utc ? start : start.AddDays(-7);
    }
}
