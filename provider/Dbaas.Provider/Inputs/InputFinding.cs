namespace Dbaas.Provider.Inputs;

/// <summary>Something wrong with an input, found without asking anyone.</summary>
/// <param name="Path">Where.</param>
/// <param name="Summary">What is wrong.</param>
/// <param name="Detail">What would be right.</param>
/// <param name="IsSecret">The value there must not be shown; the texts do not hold it.</param>
internal sealed record InputFinding(InputPath Path, string Summary, string Detail, bool IsSecret);
