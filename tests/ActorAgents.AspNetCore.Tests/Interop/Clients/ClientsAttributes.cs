using System.Reflection;
using ActorAgents.Providers.Tests.Interop;
using Xunit.Sdk;

namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>Runs a theory with the name of each client, times each of the values.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class ClientsAttribute(string[] names, object[] values) : DataAttribute
{
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => values.Length == 0
        ? names.Select(name => new object[] { name })
        : names.SelectMany(name => values.Select(value => new[] { name, value }));
}

/// <summary>Those from npm; skipped where they are not installed.</summary>
public sealed class NodeClientsAttribute : ClientsAttribute
{
    public NodeClientsAttribute(params object[] values) : base(["openai", "ai"], values) => Skip = Installation.WhyNot;
}

/// <summary>Those of .NET, which are always there.</summary>
public sealed class DotNetClientsAttribute(params object[] values) : ClientsAttribute(["OpenAI", "IChatClient"], values);
