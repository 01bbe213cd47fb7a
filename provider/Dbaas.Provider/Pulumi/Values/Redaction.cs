using Dbaas.Provider.Inputs;
using Dbaas.Provider.Translation;

namespace Dbaas.Provider.Pulumi.Values;

/// <summary>
/// Knows the secrets of one request, texts, numbers and the keys of secret maps, and keeps them out of whatever is said about it: a service
/// that refuses a value repeats it in its message.
/// </summary>
internal sealed class Redaction
{
    private const string Hidden = "[secret]";

    // Shorter ones are taken out only where they stand alone; "a" would take every message apart.
    private const int ShortestAnywhere = 4;
    private readonly List<string> secrets = [];
    private readonly IReadOnlyList<Value> values;

    /// <param name="values">All objects of the request.</param>
    public Redaction(params IEnumerable<Value> values)
    {
        this.values = [.. values];
        foreach (var value in this.values)
        {
            Collect(value, hidden: false);
        }

        // The longest first: one secret may hold another.
        secrets = [.. secrets.Distinct().OrderByDescending(secret => secret.Length)];
    }

    public string Clean(string message) =>
        secrets.Aggregate(message, (text, secret) => Remove(text, secret));

    /// <summary>Whether a text repeats a secret.</summary>
    public bool IsIn(string text) => secrets.Any(secret => Find(text, secret, 0) >= 0);

    /// <summary>The way to a value, ending where the request marks something as secret: what lies inside has names nobody may read.</summary>
    public InputPath Shown(InputPath path) =>
        values.Select(value => value.UpToSecret(path)).MinBy(shown => shown.Steps.Count) ?? path;

    /// <summary>The value with a mark on each text and number that repeats a secret.</summary>
    public Value Mark(Value value) =>
        secrets.Count == 0
            ? value
            : value switch
            {
                Value.Text text when IsIn(text.Content) => new Value.Secret(text),
                Value.Number number when IsIn(number.Digits) => new Value.Secret(number),
                Value.List list => new Value.List([.. list.Items.Select(Mark)]),
                Value.Map map => Value.Object(
                    map.Members.Select(member =>
                        KeyValuePair.Create(member.Key, Mark(member.Value))
                    )
                ),
                _ => value,
            };

    private static string Remove(string text, string secret)
    {
        for (var at = Find(text, secret, 0); at >= 0; at = Find(text, secret, at + Hidden.Length))
        {
            text = string.Concat(text.AsSpan(0, at), Hidden, text.AsSpan(at + secret.Length));
        }

        return text;
    }

    private static int Find(string text, string secret, int from)
    {
        while (from <= text.Length)
        {
            var at = text.IndexOf(secret, from, StringComparison.Ordinal);
            if (at < 0 || secret.Length >= ShortestAnywhere || StandsAlone(text, at, secret.Length))
            {
                return at;
            }

            from = at + 1;
        }

        return -1;
    }

    private static bool StandsAlone(string text, int at, int length) =>
        (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
        && (at + length == text.Length || !char.IsLetterOrDigit(text[at + length]));

    private void Collect(Value value, bool hidden)
    {
        switch (value)
        {
            case Value.Secret secret:
                Collect(secret.Content, hidden: true);
                break;
            case Value.List list:
                foreach (var item in list.Items)
                {
                    Collect(item, hidden);
                }

                break;
            case Value.Map map:
                foreach (var (name, member) in map.Members)
                {
                    Add(name, hidden);
                    Collect(member, hidden);
                }

                break;
            case Value.Text text:
                Add(text.Content, hidden);
                break;
            case Value.Number number:
                Add(number.Digits, hidden);
                break;
            default:
                break;
        }
    }

    private void Add(string text, bool hidden)
    {
        if (hidden && text.Length > 0)
        {
            secrets.Add(text);
        }
    }
}
