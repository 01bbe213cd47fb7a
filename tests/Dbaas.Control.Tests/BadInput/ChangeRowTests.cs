using System.Net;
using System.Text.Json.Nodes;
using Dbaas.Control.Tests.Support;
using Dbaas.Engines;

namespace Dbaas.Control.Tests.BadInput;

/// <summary>Rows 21, 34, 37, 38, 45, 55 and 57: changes that come too late, twice, or against what stands.</summary>
[Collection(BadInputRows.Name)]
public sealed class ChangeRowTests(BadInputControl control)
{
    [Theory]
    [InlineData("postgresql")]
    [InlineData("mysql")]
    public async Task Given_an_instance_when_it_is_changed_against_the_rules_then_each_is_refused_and_it_stays(
        string engine
    )
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync(), "run-a");
        var name = InstanceApi.Name();
        var id = await CreateAsync(api, engine, name);
        // From here on a create of its name is a conflict, also for the run that made it.
        await api.PostAsync($"/instances/{id}/acknowledge");
        var before = (await api.GetAsync($"/instances/{id}")).Body!.ToJsonString();

        // The newest is the default; only an engine with several majors has an older one to go back to.
        var majors = DatabaseEngines
            .Find(engine)!
            .Versions.Select(version => version.Major)
            .ToList();
        var (major, older) = (majors[0], majors.ElementAtOrDefault(1));
        foreach (
            var (patch, code, pointer, allowed) in (IEnumerable<(string, string, string, string)>)
                [
                    (
                        """{"storageGib":1}""",
                        "instance.storage_shrink",
                        "/storageGib",
                        "2 to 65536"
                    ),
                    (
                        """{"engineVersion":"4"}""",
                        "instance.version_unknown",
                        "/engineVersion",
                        major
                    ),
                    (
                        """{"engineVersion":"99"}""",
                        "instance.version_unknown",
                        "/engineVersion",
                        major
                    ),
                    .. older is null
                        ? ((string, string, string, string)[])[]
                        :
                        [
                            (
                                $$"""{"engineVersion":"{{older}}"}""",
                                "instance.version_downgrade",
                                "/engineVersion",
                                major
                            ),
                        ],
                    ("""{"engine":"mariadb"}""", "instance.immutable", "/engine", engine),
                    (
                        """{"region":"mars"}""",
                        "instance.immutable",
                        "/region",
                        RunningControl.Region
                    ),
                ]
        )
        {
            var answer = await api.SendAsync(
                HttpMethod.Patch,
                $"/instances/{id}",
                JsonNode.Parse(patch)
            );
            Assert.True(answer.Status == HttpStatusCode.UnprocessableEntity, $"{patch}: {answer}");
            var error = answer.Body!["errors"]![0]!;
            Assert.Equal((code, pointer), ((string?)error["code"], (string?)error["pointer"]));
            Assert.Contains(allowed, (string?)error["allowed"], StringComparison.Ordinal);
        }

        // Row 34: the name is taken, and its owner learns by which instance.
        var taken = await api.PostAsync("/instances", Inputs(engine, name));
        Assert.Equal(HttpStatusCode.Conflict, taken.Status);
        Assert.Contains(id, taken.Text("detail"), StringComparison.Ordinal);

        // Row 57: the same key under its other name is no change.
        var key = (await api.GetAsync("/keys")).Body!["items"]![0]!;
        foreach (var spelling in (string[])[(string)key["id"]!, (string)key["alias"]!])
        {
            var same = await api.SendAsync(
                HttpMethod.Patch,
                $"/instances/{id}",
                new JsonObject { ["kmsKeyId"] = spelling }
            );
            Assert.Equal(HttpStatusCode.OK, same.Status);
            Assert.Null(same.Body!["operationId"]);
        }

        await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            JsonNode.Parse(before)!["kmsKeyId"] is { } old
                ? new JsonObject { ["kmsKeyId"] = old.DeepClone() }
                : []
        );
        Assert.Equal(before, (await api.GetAsync($"/instances/{id}")).Body!.ToJsonString());

        // Row 55: protection that this very run switched off still protects.
        await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["deletionProtection"] = true }
        );
        await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["deletionProtection"] = false }
        );
        var guarded = await api.SendAsync(HttpMethod.Delete, $"/instances/{id}");
        Assert.Equal(
            (HttpStatusCode.Conflict, "instance.deletion_protected"),
            (guarded.Status, guarded.Text("code"))
        );
    }

    [Fact]
    public async Task Given_two_patches_of_one_version_when_sent_at_once_then_one_wins_and_the_other_learns_the_etag()
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync());
        var id = await api.CreateAsync(InstanceApi.Name());
        var tag = (await api.GetAsync($"/instances/{id}")).ETag!;
        var both = await Task.WhenAll(
            Enumerable
                .Range(0, 2)
                .Select(i =>
                    api.SendAsync(
                        HttpMethod.Patch,
                        $"/instances/{id}",
                        new JsonObject { ["tags"] = new JsonObject { ["winner"] = $"{i}" } },
                        ifMatch: tag
                    )
                )
        );
        Assert.Equal([200, 412], both.Select(answer => (int)answer.Status).Order());
        var late = both.Single(answer => answer.Status == HttpStatusCode.PreconditionFailed);
        Assert.Equal((await api.GetAsync($"/instances/{id}")).ETag, late.ETag);
        Assert.NotEqual(tag, late.ETag);
    }

    [Fact]
    public async Task Given_credentials_that_are_being_rotated_when_rotated_again_then_409_busy()
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync());
        var id = await api.CreateAsync(InstanceApi.Name());
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ => api.PostAsync($"/instances/{id}/credentials/rotate", wait: 0))
        );
        Assert.Contains(answers, answer => (int)answer.Status is 200 or 202 or 204);
        Assert.All(
            answers.Where(answer => (int)answer.Status >= 400),
            answer =>
                Assert.Equal(
                    (409, true),
                    (
                        (int)answer.Status,
                        answer.Text("code")
                            is "instance.busy"
                                or "request.conflict"
                                or "instance.status_wrong"
                    )
                )
        );
        Assert.Contains(answers, answer => (int)answer.Status == 409);
    }

    [Fact]
    public async Task Given_a_parameter_that_needs_a_restart_when_it_may_wait_then_it_is_pending()
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync());
        var inputs = InstanceApi.Inputs(InstanceApi.Name());
        inputs["changePolicy"] = "window";
        // Open two days from now at the earliest.
        inputs["maintenanceWindow"] = new JsonObject
        {
            ["day"] = DateTimeOffset.UtcNow.AddDays(3).DayOfWeek.ToString().ToLowerInvariant(),
            ["startTime"] = "03:00",
            ["durationMinutes"] = 30,
        };
        var made = await api.PostAsync("/instances", inputs);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var id = made.Text("id");
        var changed = await api.SendAsync(
            HttpMethod.Patch,
            $"/instances/{id}",
            new JsonObject { ["parameters"] = new JsonObject { ["max_connections"] = "77" } }
        );
        Assert.True((int)changed.Status is 200 or 202, changed.ToString());
        var view = await Eventually.BecomesAsync(
            async () => (await api.GetAsync($"/instances/{id}")).Body!,
            seen => seen["pendingChanges"]!.AsArray().Count > 0
        );
        Assert.Equal(
            "/parameters/max_connections",
            (string?)view["pendingChanges"]![0]!["property"]
        );
        Assert.NotEqual("", (string?)view["pendingChanges"]![0]!["dueAt"]);
    }

    [Fact]
    public async Task Given_a_name_of_an_instance_in_deletion_when_created_again_then_409_with_its_id()
    {
        using var api = new InstanceApi(await control.ReadyTenantAsync());
        var name = InstanceApi.Name();
        var id = await api.CreateAsync(name);
        var statuses = new List<Answer>();
        await api.SendAsync(HttpMethod.Delete, $"/instances/{id}", wait: 0);
        var again = await api.PostAsync("/instances", InstanceApi.Inputs(name), wait: 0);
        statuses.Add(again);
        // Deletion takes some steps; whoever is quicker, there is never a second one beside it.
        if (again.Status == HttpStatusCode.Conflict)
        {
            Assert.Contains(id, again.Text("detail"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.NotFound, (await api.GetAsync($"/instances/{id}")).Status);
        }
    }

    private static JsonObject Inputs(string engine, string name) =>
        new()
        {
            ["name"] = name,
            ["engine"] = engine,
            ["memoryGib"] = 2,
            ["storageGib"] = 2,
            ["deletionProtection"] = false,
        };

    private static async Task<string> CreateAsync(InstanceApi api, string engine, string name)
    {
        var made = await api.PostAsync("/instances", Inputs(engine, name));
        Assert.True(made.Status == HttpStatusCode.Created, made.ToString());
        return made.Text("id");
    }
}
