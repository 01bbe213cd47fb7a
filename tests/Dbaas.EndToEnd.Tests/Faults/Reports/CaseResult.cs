using Dbaas.EndToEnd.Tests.Faults.Injections;
using Dbaas.EndToEnd.Tests.Faults.Plans;

namespace Dbaas.EndToEnd.Tests.Faults.Reports;

/// <summary>What one case showed.</summary>
internal sealed record CaseResult(FaultCase Case)
{
    /// <summary>What the common promise or the fault's own proof did not hold; empty when all did.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Seconds of the fault, and the write gap; also those beyond their pass line.</summary>
    public List<Measure> Measures { get; } = [];

    /// <summary>Rows that the database acknowledged during the case.</summary>
    public int Acknowledged { get; set; }

    /// <summary>Longest write gap of the databases beside.</summary>
    public TimeSpan BystanderGap { get; set; }

    public TimeSpan Took { get; set; }
}
