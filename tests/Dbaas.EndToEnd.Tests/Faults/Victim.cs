namespace Dbaas.EndToEnd.Tests.Faults;

/// <summary>Which process a fault kills.</summary>
public enum Victim
{
    ControlService,
    Host,
    Agent,
    Provider,
    Terraform,
}
