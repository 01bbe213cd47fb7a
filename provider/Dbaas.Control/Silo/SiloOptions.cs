using System.ComponentModel.DataAnnotations;

namespace Dbaas.Control.Silo;

/// <summary>Settings of the silo (section <c>silo</c>). Its port is <c>siloPort</c> at the top.</summary>
internal sealed class SiloOptions
{
    /// <summary>Address other silos reach this one at. Fixed: a silo that comes back elsewhere is believed dead for long.</summary>
    [RegularExpression(@"^[0-9a-fA-F.:]+$")]
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>Name of the cluster; all silos of one installation share it.</summary>
    [Required]
    public string Cluster { get; set; } = "dbaas";
}
