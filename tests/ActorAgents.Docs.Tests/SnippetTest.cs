using ActorAgents.Testing;

namespace ActorAgents.Docs.Tests;

/// <summary>
/// What the snippets find around them: a console that remembers, and agents on scripted providers. The code between <c>#region</c> markers is what the
/// documents show; regions of one name in a file are one snippet.
/// </summary>
public abstract class SnippetTest : IAsyncLifetime
{
    private readonly List<AgentRuntime> _runtimes = [];

    /// <summary>Takes the place of the real one, so that snippets write to it and tests read it.</summary>
    protected StringWriter Console { get; } = new();

    protected string Printed => Console.ToString();

    protected async Task<AgentRuntime> RuntimeAsync(Action<ActorAgentsBuilder> configure)
    {
        var runtime = await AgentRuntime.StartAsync(configure);
        _runtimes.Add(runtime);
        return runtime;
    }

    /// <summary>An agent of kind <c>writer</c> on this provider.</summary>
    protected async Task<Agent> AgentAsync(ScriptedProvider provider, Action<AgentBuilder>? agent = null, Action<ProviderBuilder>? configure = null)
    {
        var runtime = await RuntimeAsync(agents => agents.AddProvider("default", provider, configure).AddAgent("writer", agent));
        return runtime.Agents["writer", "1"];
    }

    protected Task<Agent> AgentAsync(params ChatScript[] scripts) => AgentAsync(new ScriptedProvider(scripts));

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var runtime in _runtimes) await runtime.DisposeAsync();
    }
}
