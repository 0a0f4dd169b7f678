using ActorAgents.Host.Configuration;

namespace ActorAgents.Host.Commands;

/// <summary>Which agent a request means.</summary>
internal static class ChatTarget
{
    /// <exception cref="UsageException">There is no such kind, or the key is malformed.</exception>
    public static AgentId Find(ChatRequest request, HostConfiguration configuration)
    {
        var kind = request.Kind ?? configuration.Settings.DefaultKind;
        var kinds = configuration.Agents.Select(a => a.Kind).ToList();
        if (!kinds.Contains(kind))
            throw new UsageException($"There is no agent of kind '{kind}'.{NearestName.Hint(kind, kinds)} Kinds: {NearestName.List(kinds)}.");
        try
        {
            return new AgentId(kind, request.Key);
        }
        catch (ArgumentException)
        {
            throw new UsageException("--key must be 1 to 256 characters, none of them a control character.");
        }
    }
}
