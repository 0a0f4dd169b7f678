using ActorAgents.Providers.Tests.Interop;
using ActorAgents.Testing;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore.Tests.Interop.A2A;

public sealed class TaskTests
{
    [InteropFact]
    public async Task A_card_is_found_without_a_key_and_leads_to_an_agent_that_wants_one()
    {
        await using var server = await AgentServer.StartAsync(agents => agents.AddProvider("default", ScriptedProvider.Always(Script.Text("Hi."))).AddAgent("assistant")
            .AddAgent("writer", a => a.WithDescription("Writes.").WithInstructions("secret")), http => http.Keys.Add(new ApiKey("ann", ApiKey.Hash("s"), [ActorAgentsScopes.Chat])));

        using var script = Clients.NodeScript.Start("a2a", server.Address, new { task = "card", kind = "writer" });
        var card = (await script.NextAsync())!.Value;

        Assert.Equal("writer", card.GetProperty("name").GetString());
        Assert.Equal("Writes.", card.GetProperty("description").GetString());
        Assert.Equal(new Uri(server.Address, "a2a/writer").ToString(), card.GetProperty("url").GetString());
        Assert.True(card.GetProperty("streaming").GetBoolean());
        Assert.False(card.GetProperty("push").GetBoolean());
        Assert.Equal("key", card.GetProperty("schemes")[0].GetString());
        Assert.Equal("TASK_STATE_COMPLETED", (await Peer.AskAsync(server, new { task = "send", kind = "writer", text = "hello", key = "s" })).State);
        Assert.Equal(-32000, (await Peer.AskAsync(server, new { task = "send", kind = "writer", text = "hello" })).Error!.Code);
    }

    [InteropFact]
    public async Task A_stream_is_the_task_then_pieces_of_one_artifact_and_the_end()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon", "").Usage(3, 4)));

        using var peer = Peer.Start(server, new { task = "stream", text = "hello" });
        var told = await peer.RestAsync();

        Assert.Equal(["task", "statusUpdate", "artifactUpdate", "artifactUpdate", "artifactUpdate", "statusUpdate"], told.Select(next => next.Event));
        Assert.Equal(["SUBMITTED", "WORKING", "COMPLETED"], told.States());
        Assert.Equal([(false, false), (true, false), (true, true)], told.Where(next => next.IsArtifact).Select(next => (next.Append, next.Last)));
        Assert.Equal("Once upon", told.Answer());
        Assert.Single(told.Select(next => (next.TaskId, next.ContextId)).Distinct());
        Assert.Equal(7, told[^1].Metadata!.Value.GetProperty("usage").GetProperty("totalTokens").GetInt32());
    }

    [InteropFact]
    public async Task A_task_that_is_waited_for_comes_whole_and_can_be_asked_for_again()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Once ", "upon")));

        var task = await Peer.AskAsync(server, new { task = "send", text = "hello" });
        var again = await Peer.AskAsync(server, new { task = "get", taskId = task.TaskId });
        var bare = await Peer.AskAsync(server, new { task = "get", taskId = task.TaskId, historyLength = 0 });

        foreach (var seen in new[] { task, again })
        {
            Assert.Equal(("TASK_STATE_COMPLETED", "Once upon", task.TaskId), (seen.State, seen.Answer, seen.TaskId));
            Assert.Equal(["hello"], seen.History!);
        }
        Assert.Empty(bare.History!);
    }

    [InteropFact]
    public async Task Messages_of_one_context_are_one_conversation_and_its_tasks_are_listed_newest_first()
    {
        var provider = new ScriptedProvider(Script.Text("One."), Script.Text("Two."));
        await using var server = await AgentServer.StartAsync(provider);

        var first = await Peer.AskAsync(server, new { task = "send", text = "first" });
        var second = await Peer.AskAsync(server, new { task = "send", text = "second", contextId = first.ContextId });
        using var lister = Peer.Start(server, new { task = "list", contextId = first.ContextId, pageSize = 10 });
        var list = await lister.RestAsync();

        Assert.Equal(first.ContextId, second.ContextId);
        Assert.NotEqual(first.TaskId, second.TaskId);
        Assert.Equal(["first", "One.", "second"], provider.Requests[1].Messages.Select(message => message.Text));
        Assert.Equal([("Two.", "second"), ("One.", "first")], list[..^1].Select(task => (task.Answer, task.History!.Single())));
        Assert.Equal(2, list[^1].Total);
    }

    [InteropFact]
    public async Task Reasoning_and_the_agents_tools_are_messages_of_a_status_and_their_arguments_and_results_stay_here()
    {
        var provider = new ScriptedProvider(Script.Reason("Hm", ".").Text("Let me look. ").Call("look_up", new { what = "secret" }), Script.Text("It is 42."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithTool(new ScriptedTool("look_up", _ => "a secret", "what")));

        using var peer = Peer.Start(server, new { task = "stream", text = "hello" });
        var told = await peer.RestAsync();

        var activities = told.Where(next => next is { Event: "statusUpdate", Metadata: { } metadata } && metadata.TryGetProperty("type", out _)).ToList();
        Assert.Equal([("reasoning", "Hm."), ("tool-started", "Calls look_up."), ("tool-finished", "look_up: Succeeded.")],
            activities.Select(next => (next.Metadata!.Value.GetProperty("type").GetString(), next.Text)));
        Assert.Equal("look_up", activities[1].Data![0].GetProperty("tool").GetString());
        Assert.Equal("Let me look. It is 42.", told.Answer());
        Assert.DoesNotContain("secret", System.Text.Json.JsonSerializer.Serialize(told.Select(next => (next.Text, next.Data, next.Metadata)), new System.Text.Json.JsonSerializerOptions { IncludeFields = true }));
    }

    [InteropFact]
    public async Task Files_go_in_as_raw_parts_and_come_out_as_artifacts()
    {
        var provider = new ScriptedProvider(Script.Text("Here: ").Content(new DataContent(new byte[] { 1, 2, 3 }, "image/png")));
        await using var server = await AgentServer.StartAsync(provider);

        var task = await Peer.AskAsync(server, new { task = "send", parts = new object[] { new { text = "turn it" }, new { raw = "AQID", mediaType = "image/png" }, new { data = new { angle = 90 } } } });

        var contents = provider.Requests[0].Messages[0].Contents;
        Assert.Equal("image/png", Assert.IsType<DataContent>(contents[1]).MediaType);
        Assert.Equal("""{"angle":90}""", Assert.IsType<TextContent>(contents[2]).Text);
        Assert.Equal(["answer", "file-1"], task.Artifacts!.Select(artifact => artifact.Id));
        Assert.Equal(["image/png"], task.Artifacts![1].Types);
    }

    [InteropFact]
    public async Task A_failure_is_the_end_of_the_task_and_not_of_the_call()
    {
        var provider = new ScriptedProvider(Script.Fails(503, "Overloaded."), Script.Text("Once").Fails(503, "Overloaded."));
        await using var server = await AgentServer.StartAsync(provider, agent: a => a.WithLimits(l => l with { Retries = 0 }));

        foreach (var said in new[] { "", "Once" })
        {
            using var peer = Peer.Start(server, new { task = "stream", text = "hello" });
            var told = await peer.RestAsync();
            Assert.Equal(("TASK_STATE_FAILED", "Overloaded.", said), (told[^1].State, told[^1].Text, told.Answer()));
            var task = await Peer.AskAsync(server, new { task = "get", taskId = told[0].TaskId });
            Assert.Equal(("TASK_STATE_FAILED", "Overloaded."), (task.State, task.Text));
        }
    }

    [InteropTheory]
    [InlineData("send", "nobody")]
    [InlineData("stream", "nobody")]
    public async Task A_kind_that_is_not_served_has_no_card(string task, string kind)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        Assert.Contains("404", (await Peer.AskAsync(server, new { task, kind, text = "hello" })).Error!.Message);
    }

    [InteropTheory]
    [InlineData("send")]
    [InlineData("stream")]
    public async Task What_the_agent_refuses_before_it_begins_is_an_error_of_the_call(string task)
    {
        await using var server = await AgentServer.StartAsync(ScriptedProvider.Always(Script.Text("Hi.")));
        await server.Agents.HaltAsync(HaltScope.Kind("assistant"), "It went mad.");

        var error = (await Peer.AskAsync(server, new { task, text = "hello" })).Error!;

        Assert.Equal(-32000, error.Code);
        Assert.Contains("It went mad.", error.Message);
    }

    [InteropTheory]
    [InlineData("get")]
    [InlineData("cancel")]
    [InlineData("subscribe")]
    public async Task A_task_that_never_was_is_not_found(string task)
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        foreach (var taskId in new[] { "nonsense", "t1.YW5u" })
        {
            var error = (await Peer.AskAsync(server, new { task, taskId })).Error!;
            Assert.Equal((-32001, "TaskNotFoundError"), (error.Code, error.Type));
        }
    }

    [InteropFact]
    public async Task A_task_that_is_over_takes_neither_a_message_nor_a_subscriber_nor_a_cancel()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider(Script.Text("Hi.")));
        var over = await Peer.AskAsync(server, new { task = "send", text = "hello" });

        Assert.Equal("UnsupportedOperationError", (await Peer.AskAsync(server, new { task = "stream", text = "more", taskId = over.TaskId })).Error!.Type);
        Assert.Equal("UnsupportedOperationError", (await Peer.AskAsync(server, new { task = "subscribe", taskId = over.TaskId })).Error!.Type);
        Assert.Equal("TaskNotCancelableError", (await Peer.AskAsync(server, new { task = "cancel", taskId = over.TaskId })).Error!.Type);
    }

    [InteropFact]
    public async Task A_client_that_takes_no_text_is_told_so()
    {
        await using var server = await AgentServer.StartAsync(new ScriptedProvider());

        Assert.Equal("ContentTypeNotSupportedError", (await Peer.AskAsync(server, new { task = "send", text = "hello", modes = new[] { "image/png" } })).Error!.Type);
    }
}
