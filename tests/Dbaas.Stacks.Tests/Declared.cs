using System.Collections.Immutable;

namespace Dbaas.Stacks.Tests;

/// <summary>A resource as it would travel to its provider: secrets are unwrapped here, unlike on the way to the state.</summary>
public sealed record Declared(string Type, string Name, ImmutableDictionary<string, object> Inputs)
{
    /// <summary>The input at a path such as <c>spec.template.spec</c>; list items by their index.</summary>
    public object? At(string path)
    {
        object? value = Inputs;
        foreach (var step in path.Split('.'))
        {
            value = value switch
            {
                IReadOnlyDictionary<string, object> map => map.GetValueOrDefault(step),
                IReadOnlyList<object> list
                    when int.TryParse(step, out var index) && index < list.Count => list[index],
                _ => null,
            };
        }

        return value;
    }

    public string Text(string path) => At(path) as string ?? "";
}
