using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>Every kind, provider and tool of the runtime, found and checked. Immutable until it is disposed with what its factories made.</summary>
internal sealed class AgentCatalog : IAsyncDisposable
{
    private readonly Dictionary<string, Provider> _providers = [];
    private readonly Dictionary<string, AITool> _tools = [];
    private readonly Dictionary<string, IToolSource> _toolSources = [];
    private readonly Dictionary<string, AgentKind> _kinds = [];
    private readonly HashSet<object> _owned = new(ReferenceEqualityComparer.Instance); // Factories may give one thing twice.
    private readonly List<string> _mistakes = [];
    private Exception? _failure;

    /// <summary>Calls the factories. <see cref="Check"/> before it is used, and dispose it whatever comes of that.</summary>
    public AgentCatalog(ActorAgentsBuilder builder, IServiceProvider services)
    {
        foreach (var registration in builder.Providers) Make($"provider '{registration.Name}'", registration.Client, client => AddProvider(registration, client));
        foreach (var registration in builder.Providers) AddFallback(registration);
        foreach (var registration in builder.Tools) Make($"tool '{registration.Name}'", registration.Tool, tool => AddTool(registration, tool));
        foreach (var registration in builder.ToolSources) Make($"tool source '{registration.Name}'", registration.Source, source => AddToolSource(registration, source));
        foreach (var definition in builder.Definitions) AddKind(definition);
        Definitions = _kinds.ToDictionary(kind => kind.Key, kind => kind.Value.Definition);

        void Make<T>(string what, Factory<T> factory, Action<T> add)
        {
            T made;
            try { made = factory.Make(services); }
            catch (Exception thrown)
            {
                _failure ??= thrown;
                _mistakes.Add($"The factory of {what} failed: {thrown.Message}");
                return;
            }
            if (factory.Owned && made is not null) _owned.Add(made);
            try { add(made); }
            catch (ArgumentException mistake) { _mistakes.Add(mistake.Message); }
        }
    }

    public IReadOnlyDictionary<string, AgentKind> Kinds => _kinds;
    public IReadOnlyDictionary<string, AgentDefinition> Definitions { get; }

    public Provider Provider(string name) => _providers.GetValueOrDefault(name)
        ?? throw new ArgumentException($"No provider is named '{name}'. {Known("Providers", _providers.Keys)}", nameof(name));

    public AITool Tool(string name) => _tools.GetValueOrDefault(name)
        ?? throw new ArgumentException($"No tool is named '{name}'. {Known("Tools", _tools.Keys)}", nameof(name));

    /// <summary>Null where this process has none of that name.</summary>
    public Provider? FindProvider(string name) => _providers.GetValueOrDefault(name);
    public AITool? FindTool(string name) => _tools.GetValueOrDefault(name);

    /// <exception cref="AgentConfigurationException">Something is missing, doubled or malformed; the message lists every mistake.</exception>
    public void Check()
    {
        if (_mistakes.Count > 0) throw new AgentConfigurationException(string.Join(Environment.NewLine, _mistakes), _failure);
    }

    /// <summary>Disposes the clients and tool sources that factories made, side by side: each may take its time.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_owned.Select(DisposeAsync)).ConfigureAwait(false);

        static async Task DisposeAsync(object made)
        {
            await Task.Yield(); // What is thrown at once is one failure among the others.
            if (made is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync().ConfigureAwait(false);
            else (made as IDisposable)?.Dispose();
        }
    }

    public TurnError Unknown(string kind) => new(TurnErrorKind.UnknownAgent, $"No agent of kind '{kind}' is defined. {Known("Kinds", _kinds.Keys)}");

    private void AddProvider(ProviderRegistration registration, IChatClient? client)
    {
        if (client is null) throw new ArgumentException($"The factory of provider '{registration.Name}' gave null.");
        if (!_providers.TryAdd(registration.Name, new Provider(registration, client)))
            throw new ArgumentException($"Provider '{registration.Name}' is registered twice.");
    }

    private void AddFallback(ProviderRegistration registration)
    {
        if (registration.Fallback.Count == 0 || !_providers.TryGetValue(registration.Name, out var provider)) return;
        foreach (var name in registration.Fallback.Where(name => name == registration.Name || !_providers.ContainsKey(name)))
            _mistakes.Add($"Provider '{registration.Name}' falls back to '{name}', which is not another registered provider. {Known("Providers", _providers.Keys)}");
        provider.Fallback = [.. registration.Fallback.Select(name => _providers.GetValueOrDefault(name)).OfType<Provider>()];
    }

    private void AddTool(ToolRegistration registration, AITool? tool)
    {
        if (tool is null) throw new ArgumentException($"The factory of tool '{registration.Name}' gave null.");
        if (!_tools.TryAdd(registration.Name, ToolSet.Named(registration.Name, tool)))
            throw new ArgumentException($"Tool '{registration.Name}' is registered twice.");
    }

    private void AddToolSource(ToolSourceRegistration registration, IToolSource? source)
    {
        if (source is null) throw new ArgumentException($"The factory of tool source '{registration.Name}' gave null.");
        if (!_toolSources.TryAdd(registration.Name, source)) throw new ArgumentException($"Tool source '{registration.Name}' is registered twice.");
    }

    private void AddKind(AgentDefinition definition)
    {
        var before = _mistakes.Count;
        try { _ = new AgentId(definition.Kind, "x"); }
        catch (ArgumentException malformed) { _mistakes.Add(malformed.Message); return; }
        if (definition.Provider is null || definition.Limits is null || definition.Instructions is null || definition.Tools is null || definition.ToolSources is null)
        {
            _mistakes.Add($"Agent '{definition.Kind}' has null for its provider, limits, instructions, tools or tool sources.");
            return;
        }
        if (definition.ForgetAfter <= TimeSpan.Zero) _mistakes.Add($"Agent '{definition.Kind}' is to be forgotten after {definition.ForgetAfter}: use a positive time, or leave it out.");
        if (_kinds.ContainsKey(definition.Kind)) _mistakes.Add($"Agent '{definition.Kind}' is defined twice.");
        if (!_providers.TryGetValue(definition.Provider, out var provider))
            _mistakes.Add($"Agent '{definition.Kind}' uses provider '{definition.Provider}', which is not registered. {Known("Providers", _providers.Keys)}");
        var tools = ToolSet.Empty;
        foreach (var name in definition.Tools)
        {
            if (!_tools.TryGetValue(name, out var tool))
            {
                _mistakes.Add($"Agent '{definition.Kind}' uses tool '{name}', which is not registered. {Known("Tools", _tools.Keys)}");
                continue;
            }
            try { tools = tools.Add(tool); }
            catch (ArgumentException) { _mistakes.Add($"Agent '{definition.Kind}' names tool '{name}' twice."); }
        }
        foreach (var doubled in ToolSet.Doubled([.. tools, .. definition.Chat?.Tools ?? []]))
            _mistakes.Add($"Agent '{definition.Kind}' has two tools named '{doubled}'.");
        List<IToolSource> sources = [];
        foreach (var name in definition.ToolSources)
        {
            if (!_toolSources.TryGetValue(name, out var source))
                _mistakes.Add($"Agent '{definition.Kind}' uses tool source '{name}', which is not registered. {Known("Tool sources", _toolSources.Keys)}");
            else if (sources.Contains(source)) _mistakes.Add($"Agent '{definition.Kind}' names tool source '{name}' twice.");
            else sources.Add(source);
        }
        if (_mistakes.Count == before) _kinds.Add(definition.Kind, new AgentKind(_kinds.Count, definition, provider!, tools, sources));
    }

    private static string Known(string what, IEnumerable<string> names)
    {
        var known = string.Join(", ", names.Order(StringComparer.Ordinal));
        return known.Length == 0 ? $"{what}: none." : $"{what}: {known}.";
    }
}
