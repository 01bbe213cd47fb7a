using System.Text;

namespace Dbaas.Schema;

/// <summary>
/// How names of schema.json are written in Terraform: camelCase becomes snake_case. Both directions are exact for names made of
/// letters and digits that start with a lower-case letter and have no two capitals in a row, which schema.json keeps to.
/// </summary>
public static class TerraformNames
{
    /// <summary>storageGib → storage_gib.</summary>
    public static string Attribute(string property)
    {
        var text = new StringBuilder(property.Length + 4);
        foreach (var letter in property)
        {
            if (char.IsAsciiLetterUpper(letter) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }

    /// <summary>storage_gib → storageGib.</summary>
    public static string Property(string attribute)
    {
        var text = new StringBuilder(attribute.Length);
        var capital = false;
        foreach (var letter in attribute)
        {
            if (letter == '_')
            {
                capital = true;
                continue;
            }

            text.Append(capital ? char.ToUpperInvariant(letter) : letter);
            capital = false;
        }

        return text.ToString();
    }

    /// <summary>DatabaseInstance → dbaas_database_instance.</summary>
    public static string Resource(PackageSchema package, ResourceSchema resource) =>
        $"{package.Name}_{Attribute(resource.Name)}";

    /// <summary>getEngineVersions → dbaas_engine_versions.</summary>
    public static string Function(PackageSchema package, FunctionSchema function)
    {
        var name = function.Name.StartsWith("get", StringComparison.Ordinal)
            ? function.Name[3..]
            : function.Name;
        return $"{package.Name}_{Attribute(name)}";
    }
}
