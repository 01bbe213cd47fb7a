using System.CommandLine;
using System.Globalization;
using Dbaas.Cli.Output;
using Dbaas.Client.Usage;

namespace Dbaas.Cli.Catalogue;

/// <summary>`dbaas price …`.</summary>
internal static class PriceCommands
{
    public static Command Create(CommandRunner runner) =>
        new("price", "What an hour costs in each region.")
        {
            runner.Runs(new Command("list", "List the prices that hold now."), ListAsync),
            Set(runner),
        };

    private static async Task ListAsync(Invocation run) =>
        Write(run, (await run.Api.ListPricesAsync(run.CancellationToken)).Prices);

    private static Command Set(CommandRunner runner)
    {
        var region = new Argument<string>("REGION") { Description = "Name of the region." };
        var cpu = Amount("--cpu-hour", "One core for one hour.");
        var memory = Amount("--memory-gib-hour", "One GiB of memory for one hour.");
        var storage = Amount("--storage-gib-hour", "One GiB of volume for one hour.");
        var currency = new Option<string>("--currency")
        {
            Description = "ISO 4217 code, for example EUR; the same in all regions.",
            Required = true,
        };
        return runner.Runs(
            new Command("set", "Set all prices of a region, from now on.")
            {
                region,
                cpu,
                memory,
                storage,
                currency,
            },
            async run =>
                Write(
                    run,
                    [
                        await run.Api.SetPricesAsync(
                            run.Get(region)!,
                            new SetPricesRequest
                            {
                                CpuHour = run.Get(cpu),
                                MemoryGibHour = run.Get(memory),
                                StorageGibHour = run.Get(storage),
                                Currency = run.Get(currency),
                            },
                            run.CancellationToken
                        ),
                    ]
                )
        );
    }

    private static Option<decimal> Amount(string name, string description) =>
        new(name) { Description = description, Required = true };

    private static void Write(Invocation run, IReadOnlyList<PricesView> prices) =>
        ListView.Write(
            run,
            prices,
            new("region", price => price.Region),
            new("core", price => Plain(price.CpuHour), RightAligned: true),
            new("GiB of memory", price => Plain(price.MemoryGibHour), RightAligned: true),
            new("GiB of storage", price => Plain(price.StorageGibHour), RightAligned: true),
            new("currency", price => price.Currency),
            new(
                "since",
                price => price.ValidFrom is { } since ? Look.Time(since) : "platform default"
            )
        );

    private static string Plain(decimal amount) =>
        amount.ToString("0.##########", CultureInfo.InvariantCulture);
}
