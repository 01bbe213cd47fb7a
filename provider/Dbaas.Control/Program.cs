using Dbaas.Control.Composition;

await using var app = ControlApplication.Build(args);
await app.PrepareAsync(app.Lifetime.ApplicationStopping);
await app.RunAsync();
