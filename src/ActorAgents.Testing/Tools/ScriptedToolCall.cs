using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.Testing;

/// <summary>One call of a <see cref="ScriptedTool"/>.</summary>
public sealed class ScriptedToolCall
{
    internal ScriptedToolCall(int index, AIFunctionArguments arguments)
    {
        Index = index;
        Arguments = new Dictionary<string, object?>(arguments, StringComparer.Ordinal);
        Context = ToolContext.From(arguments);
    }

    /// <summary>Its place among the calls of the tool, from 0.</summary>
    public int Index { get; }

    /// <summary>The arguments, as they were when the call started.</summary>
    public IReadOnlyDictionary<string, object?> Arguments { get; }

    /// <summary>What the runtime gave the call; null when no agent made it.</summary>
    public ToolContext? Context { get; }

    /// <summary>One argument as a .NET value, whether it came as JSON or as an object. The type's default when it is absent.</summary>
    public T? Argument<T>(string name) => Arguments.GetValueOrDefault(name) switch
    {
        T value => value,
        null => default,
        JsonElement json => json.Deserialize<T>(),
        var other => JsonSerializer.SerializeToElement(other).Deserialize<T>(),
    };
}
