namespace Dbaas.Control.Keys;

/// <summary>Sees to it that every tenant has a default key in every region.</summary>
internal interface IDefaultKeys
{
    /// <summary>Looks now instead of at its next turn.</summary>
    void Wake();
}
