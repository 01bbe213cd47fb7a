namespace Dbaas.EndToEnd.Tests.ThirdEngine;

/// <summary>
/// The compiler's half of R1.3, on every run: whoever changes what engines are made of must not make the recipe untrue. The half that
/// runs is <see cref="ThirdEngineTests"/>.
/// </summary>
public sealed class NewEngineCompilesTests
{
    [Fact]
    public async Task Given_the_files_of_a_new_engine_when_they_are_put_into_the_checkout_then_it_compiles_without_another_change()
    {
        using var tree = new SourceTree();
        await tree.AddAsync(NewEngineFiles.Folder);

        // It refers to the engines, so both halves of the code are compiled.
        (await tree.CompileAsync("provider/Dbaas.Engines.Cataloguer")).Succeeded();
    }
}
