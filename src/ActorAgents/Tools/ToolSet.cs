using System.Collections;
using System.Collections.Immutable;
using Microsoft.Extensions.AI;

namespace ActorAgents;

/// <summary>The tools an agent offers, by unique name, in order. Immutable.</summary>
internal sealed class ToolSet : IEnumerable<AITool>
{
    public static readonly ToolSet Empty = new([]);

    private readonly ImmutableArray<AITool> _tools;

    private ToolSet(ImmutableArray<AITool> tools) => _tools = tools;

    public int Count => _tools.Length;

    /// <param name="others">Further tools of the agent, whose names are taken too.</param>
    /// <exception cref="ArgumentException">There is a tool of that name.</exception>
    public ToolSet Add(AITool tool, IEnumerable<AITool>? others = null) => Find(_tools, tool.Name) is null && Find(others, tool.Name) is null
        ? new(_tools.Add(tool))
        : throw new ArgumentException($"The agent has a tool named '{tool.Name}' already: remove it first, or give the new one another name.");

    public ToolSet Remove(string name) => new(_tools.RemoveAll(tool => tool.Name == name));

    public static AITool? Find(IEnumerable<AITool>? tools, string name) => tools?.FirstOrDefault(tool => tool.Name == name);

    /// <summary>The names that more than one of the tools has.</summary>
    public static IEnumerable<string> Doubled(IEnumerable<AITool> tools) =>
        tools.GroupBy(tool => tool.Name).Where(same => same.Count() > 1).Select(same => same.Key);

    public IEnumerator<AITool> GetEnumerator() => ((IEnumerable<AITool>)_tools).GetEnumerator();
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>A registered tool is called by the name it is registered under.</summary>
    public static AITool Named(string name, AITool tool) => tool is AIFunction function && function.Name != name ? new Renamed(name, function) : tool;

    private sealed class Renamed(string name, AIFunction function) : DelegatingAIFunction(function)
    {
        public override string Name => name;
    }
}
