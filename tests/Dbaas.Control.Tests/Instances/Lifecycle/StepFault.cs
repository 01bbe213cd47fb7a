namespace Dbaas.Control.Tests.Instances.Lifecycle;

/// <summary>What goes wrong in the steps of one operation.</summary>
public enum StepFault
{
    None,

    /// <summary>Every step is executed twice with the same state.</summary>
    Twice,

    /// <summary>Every step fails once before it did anything; a repeat may help.</summary>
    OnceBefore,

    /// <summary>Every step fails once after its effect; a repeat may help.</summary>
    OnceAfter,

    /// <summary>The process ends after the effect of every step, before it is saved.</summary>
    DieBeforeSave,

    /// <summary>The process ends after every save.</summary>
    DieAfterSave,

    /// <summary>The first process of the instance's machine is killed before every step.</summary>
    MachineDies,

    /// <summary>One step fails for good before it did anything.</summary>
    ForGoodBefore,

    /// <summary>One step fails for good after its effect, and the process ends in the middle of every undo.</summary>
    ForGoodAfter,
}
