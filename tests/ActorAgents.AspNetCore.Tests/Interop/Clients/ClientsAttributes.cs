using System.Reflection;
using ActorAgents.Providers.Tests.Interop;
using Xunit.Sdk;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>Runs a theory with the name of each client, times each of the values.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ClientsAttribute(string[] completions, string[] responses, object[] values) : DataAttribute
{
    /// <summary>Those alone that ask for chat completions.</summary>
    public bool OnlyCompletions { get; set; }

    /// <summary>Those alone that ask for responses.</summary>
    public bool OnlyResponses { get; set; }

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        string[] names = [.. OnlyResponses ? [] : completions, .. OnlyCompletions ? [] : responses];
        return values.Length == 0 ? names.Select(name => new object[] { name }) : names.SelectMany(name => values.Select(value => new[] { name, value }));
    }
}

/// <summary>Those from npm; skipped where they are not installed.</summary>
public sealed class NodeClientsAttribute : ClientsAttribute
{
    public NodeClientsAttribute(params object[] values) : base(["openai", "ai"], ["responses"], values) => Skip = Installation.WhyNot;
}

/// <summary>Those of .NET, which are always there.</summary>
public sealed class DotNetClientsAttribute(params object[] values) : ClientsAttribute(["OpenAI", "IChatClient"], ["IChatClient of responses"], values);
