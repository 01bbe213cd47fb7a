namespace Dbaas.Provider.Pulumi.Diffs;

/// <summary>What happens in one place of a resource. Nothing here means a replacement, and nothing ever does.</summary>
internal enum DifferenceKind
{
    Add,
    Delete,
    Update,
}
