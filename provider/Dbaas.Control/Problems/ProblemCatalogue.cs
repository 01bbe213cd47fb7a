using System.Collections.Frozen;
using Dbaas.Control.ApiKeys;
using Dbaas.Control.Audit;
using Dbaas.Control.Capacity;
using Dbaas.Control.Catalogue;
using Dbaas.Control.Hosts;
using Dbaas.Control.Http;
using Dbaas.Control.Identity;
using Dbaas.Control.Instances.Lifecycle;
using Dbaas.Control.Instances.Rules;
using Dbaas.Control.Keys;
using Dbaas.Control.Machines;
using Dbaas.Control.Operations;
using Dbaas.Control.Planning;
using Dbaas.Control.Tenancy;
using Dbaas.Control.Usage;

namespace Dbaas.Control.Problems;

/// <summary>Every code the API answers with. docs/problems.md is made from it; a test fails when a code in the source is not here.</summary>
internal static class ProblemCatalogue
{
    /// <summary>A feature adds its list here, one line.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        .. HttpProblems.All,
        .. IdentityProblems.All,
        .. TenancyProblems.All,
        .. ApiKeyProblems.All,
        .. AuditProblems.All,
        .. KeyProblems.All,
        .. HostProblems.All,
        .. CatalogueProblems.All,
        .. OperationProblems.All,
        .. InstanceProblems.All,
        .. CapacityProblems.All,
        .. PlanProblems.All,
        .. PriceProblems.All,
        .. MachineProblems.All,
        .. EngineProblems.All,
    ];

    private static readonly FrozenDictionary<string, ProblemKind> s_byCode = All.ToFrozenDictionary(
        kind => kind.Code,
        StringComparer.Ordinal
    );

    /// <summary>URI of the problem's type: stable, and a place in docs/problems.md.</summary>
    public static string TypeOf(string code) => "urn:dbaas:problem:" + code;

    /// <summary>The kind's title; the code itself for one that comes from a driver or an engine of somebody else.</summary>
    public static string TitleOf(string code) =>
        s_byCode.TryGetValue(code, out var kind) ? kind.Title : code;
}
