namespace Dbaas.Schema.DotNet;

/// <summary>Writes the provider's class, for programs that talk to more than one control service or tenant.</summary>
internal static class ProviderSource
{
    public static SdkFile File(PackageSchema package, DotNetNames names)
    {
        var text = CSharpText.File(names.Namespace);
        text.Lines(
            $$"""
            /// <summary>
            /// A connection to a control service. Resources use the one that the stack's configuration describes unless a provider of this
            /// class is given to them in their options.
            /// </summary>
            [{{names.Package}}ResourceType("pulumi:providers:{{package.Name}}")]
            public partial class Provider : global::Pulumi.ProviderResource
            {
                /// <summary>Declares a connection.</summary>
                /// <param name="name">Name of the resource within the program.</param>
                /// <param name="args">Settings; what is left out comes from the environment, else from the profile of the command line.</param>
                /// <param name="options">How Pulumi treats the resource.</param>
                public Provider(string name, ProviderArgs? args = null, CustomResourceOptions? options = null)
                    : base("{{package.Name}}", name, args ?? new ProviderArgs(), MakeResourceOptions(options, ""))
                {
                }

            """
        );
        text.Indent();
        ResourceSource.Options(text, package, []);
        text.Close();
        text.Line();
        new ArgumentsSource(names).Write(
            text,
            "ProviderArgs",
            ArgumentsSource.Provider,
            package.Settings
        );
        return new SdkFile("Provider.cs", text.ToString());
    }
}
