namespace Dbaas.Control.Http;

/// <summary>Foreign text made fit for an answer or a log: short, and nothing but visible ASCII.</summary>
internal static class Printable
{
    public static string Of(string text) =>
        string.Concat(text.Take(64).Select(c => c is >= ' ' and <= '~' ? c : '?'));
}
