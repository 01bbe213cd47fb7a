using System.Globalization;
using Spectre.Console;

namespace Dbaas.Cli.Output;

/// <summary>How words, times and amounts look everywhere.</summary>
internal static class Look
{
    /// <summary>States get a colour; every other text has none.</summary>
    public static Style Of(string? word) =>
        word switch
        {
            "available" or "succeeded" or "enabled" or "online" or "done" => new Style(Color.Green),
            "provisioning" or "updating" or "queued" or "running" or "deleting" or "warning" =>
                new Style(Color.Yellow),
            "failed" or "undone" or "cancelled" or "unreachable" or "error" or "disabled" =>
                new Style(Color.Red),
            "stopped" => new Style(Color.Grey),
            _ => Style.Plain,
        };

    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public static string? Time(DateTimeOffset? time) => time is { } known ? Time(known) : null;

    public static string Number(double value) =>
        value.ToString("0.##", CultureInfo.InvariantCulture);

    public static string Money(decimal amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {currency}");

    public static string Seconds(double milliseconds) =>
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000:0.0} s");

    /// <summary>How long writes were refused; nothing when they went on.</summary>
    public static string? Outage(double seconds) => seconds > 0 ? Seconds(seconds * 1000) : null;

    public static string Pairs(IReadOnlyDictionary<string, string> pairs) =>
        string.Join(", ", pairs.Select(pair => $"{pair.Key}={pair.Value}"));
}
