using ActorAgents.Testing;
using FsCheck;
using FsCheck.Xunit;

namespace ActorAgents.Tests.Agents;

public sealed class AgentIdTests
{
    public static TheoryData<string> OddKeys => new()
    {
        "žluťoučký kůň", "日本語", "👩‍👩‍👧 family", "a/b\\c", "..", ".", "%", "%2F", "a%00b", "#1", "?x=y&z", "$a", "a:b", " ", "\u00a0", "\u202eright", new string('k', 256),
        string.Concat(Enumerable.Repeat("😀", 128)),
    };

    [Theory, MemberData(nameof(OddKeys))]
    public async Task An_agent_may_have_any_key_without_control_characters(string key)
    {
        await using var runtime = await WaysOut.StartAsync(ScriptedProvider.Always("Hello"));
        var agent = runtime.Agents["writer", key];

        await agent.RunAsync("Hi");

        Assert.Equal(["user: Hi", "assistant: Hello"], (await runtime.Agents[AgentId.Parse(agent.Id.Value)].GetMessagesAsync()).Lines());
        Assert.Empty(await runtime.Agents["writer", "x"].GetMessagesAsync());
    }

    [Theory, InlineData(""), InlineData("a\nb"), InlineData("\0"), InlineData("\u007f"), InlineData("\u0085")]
    public void A_key_with_nothing_or_control_characters_is_refused(string key) => ExpectRefused("key", () => new AgentId("writer", key));

    [Fact]
    public void A_key_of_half_characters_is_refused_since_it_cannot_be_written_down()
    {
        ExpectRefused("key", () => new AgentId("writer", "a\ud800"));
        ExpectRefused("key", () => new AgentId("writer", "\udc00\ud800"));
    }

    [Fact]
    public void A_key_longer_than_256_is_refused() => ExpectRefused("key", () => new AgentId("writer", new string('k', 257)));

    [Theory, InlineData(""), InlineData("Writer"), InlineData("1st"), InlineData("a b"), InlineData("a/b"), InlineData("a\n"), InlineData("é")]
    public void A_malformed_kind_is_refused(string kind) => ExpectRefused("kind", () => new AgentId(kind, "x"));

    [Theory, InlineData(""), InlineData("a b"), InlineData("a/b"), InlineData("ü"), InlineData("a\n")]
    public void A_malformed_tenant_is_refused(string tenant) => ExpectRefused("tenant", () => new AgentId("writer", "x", tenant));

    [Fact]
    public async Task A_kind_nobody_defined_is_refused_with_those_that_are()
    {
        await using var runtime = await WaysOut.StartAsync(new());

        Assert.Contains("'poet' is defined. Kinds: writer.", Assert.Throws<UnknownAgentException>(() => runtime.Agents["poet", "1"]).Message);
        Assert.Throws<UnknownAgentException>(() => runtime.Agents[new AgentId("poet", "1")]);
        Assert.Throws<UnknownAgentException>(() => runtime.Agents.Stateless("poet"));
        Assert.Throws<UnknownAgentException>(() => runtime.Agents[default(AgentId)]);
        await Assert.ThrowsAsync<UnknownAgentException>(() => runtime.Agents.RemoveAsync(default));
    }

    [Fact]
    public async Task A_tenant_reaches_neither_agents_nor_halts_of_others()
    {
        await using var runtime = await WaysOut.StartAsync(new());
        var acme = runtime.Agents.For("acme");
        var everywhere = await runtime.Agents.HaltAsync(HaltScope.Cluster, "upkeep");

        await Assert.ThrowsAsync<ArgumentException>(() => acme.RemoveAsync(new AgentId("writer", "1", "other")));
        await Assert.ThrowsAsync<ArgumentException>(() => acme.HaltAsync(HaltScope.Cluster, "mine"));
        await Assert.ThrowsAsync<ArgumentException>(() => acme.HaltAsync(HaltScope.Kind("writer"), "mine"));
        Assert.False(await acme.ReleaseAsync(everywhere.Id));
        Assert.Empty(acme.Halts);
        Assert.True(await acme.ReleaseAsync((await acme.HaltAsync(HaltScope.Tenant("acme"), "mine")).Id));
    }

    [Fact]
    public async Task The_agents_of_a_tenant_are_not_anothers()
    {
        await using var runtime = await WaysOut.StartAsync(new());
        var acme = runtime.Agents.For("acme");

        Assert.Equal("acme/writer/1", acme["writer", "1"].Id.Value);
        Assert.Throws<ArgumentException>(() => acme[new AgentId("writer", "1", "other")]);
        Assert.Throws<InvalidOperationException>(() => acme.For("other"));
        Assert.Throws<ArgumentException>(() => runtime.Agents.For("no such/tenant"));
    }

    [Property(MaxTest = 1000)]
    public void What_an_id_writes_it_reads_back(NonNull<string> key)
    {
        if (TryMake(key.Get) is not { } id) return;

        Assert.Equal(id, AgentId.Parse(id.Value));
        Assert.Equal(2, id.Value.Count(c => c == '/'));
    }

    [Property(MaxTest = 1000)]
    public void Different_keys_are_written_differently(NonNull<string> one, NonNull<string> other)
    {
        if (TryMake(one.Get) is not { } first || TryMake(other.Get) is not { } second) return;

        Assert.Equal(first == second, first.Value == second.Value);
    }

    [Theory, InlineData(""), InlineData("a"), InlineData("a/b"), InlineData("a/b/c/d")]
    public void What_is_no_id_is_not_read(string value) => Assert.Throws<FormatException>(() => AgentId.Parse(value));

    [Theory, InlineData(""), InlineData("a b"), InlineData("a/b"), InlineData("ü"), InlineData("../x"), InlineData("a\n"), InlineData("\ud800")]
    public void A_malformed_turn_id_is_refused(string value) => ExpectRefused("value", () => new TurnId(value));

    [Fact]
    public void A_turn_id_has_at_most_64_characters()
    {
        Assert.Equal(64, new TurnId(new string('t', 64)).Value.Length);
        ExpectRefused("value", () => new TurnId(new string('t', 65)));
        Assert.Equal(2, new[] { TurnId.New(), TurnId.New() }.Distinct().Count());
    }

    private static AgentId? TryMake(string key)
    {
        try { return new AgentId("writer", key, "acme"); }
        catch (ArgumentException) { return null; }
    }

    private static void ExpectRefused<T>(string parameter, Func<T> make) =>
        Assert.Equal(parameter, Assert.Throws<ArgumentException>(() => { make(); }).ParamName);
}
