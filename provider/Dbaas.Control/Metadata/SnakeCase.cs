using System.Text;

namespace Dbaas.Control.Metadata;

/// <summary>Names of columns from names of properties: <c>CreatedAt</c> is <c>created_at</c>.</summary>
internal static class SnakeCase
{
    public static string From(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
