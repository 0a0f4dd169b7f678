using System.Text.Json;
using Microsoft.Extensions.AI;

namespace ActorAgents.AspNetCore;

/// <summary>The tools that a caller declares and runs itself: a call of one ends the turn with that call.</summary>
internal sealed class CallersTools
{
    private static readonly JsonElement AnyObject = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement;

    private readonly List<AITool> _tools = [];

    /// <summary>Adds the tool that an object with <c>name</c>, <c>description</c> and <c>parameters</c> declares; without parameters it takes any object.</summary>
    /// <exception cref="HttpErrorException">It has no name, or that of another.</exception>
    public void Declare(RequestObject function)
    {
        var name = function.RequiredText("name");
        if (name.Length == 0) throw function.Wrong("name", "a name");
        if (_tools.Any(other => other.Name == name)) throw function.Wrong("name", $"another name: '{name}' is declared twice");
        _tools.Add(AIFunctionFactory.CreateDeclaration(name, function.Text("description"), function.Object("parameters")?.Element.Clone() ?? AnyObject));
    }

    /// <summary>For <see cref="ChatOptions.Tools"/>; null when none was declared.</summary>
    public IList<AITool>? ToList() => _tools.Count == 0 ? null : _tools;
}
