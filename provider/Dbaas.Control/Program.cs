using Dbaas.Common;
using Dbaas.Control.Composition;
using Microsoft.Extensions.Options;

CoreDumps.Forbid();
try
{
    await using var app = ControlApplication.Build(args);
    await app.PrepareAsync(app.Lifetime.ApplicationStopping);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException e)
{
    await Console.Error.WriteLineAsync("The settings are not right:");
    foreach (var failure in e.Failures)
    {
        await Console.Error.WriteLineAsync("  " + failure);
    }

    return 78; // EX_CONFIG of sysexits.h: starting again will not help
}
