using System.ComponentModel;
using Microsoft.Extensions.AI;

namespace ActorAgents.Host.Tools;

/// <summary>Stands for any tool with an effect on the world: it runs only when a person approves the call. Nothing is really sent.</summary>
internal static class SendMessageTool
{
    public const string Name = "send-message";

    public static AIFunction Create() => new ApprovalRequiredAIFunction(AIFunctionFactory.Create(
        ([Description("Who gets it.")] string to, [Description("What it says.")] string text) =>
            $"Accepted for {to}: {text.Length} characters. This is a sample tool: nothing left this machine.",
        Name, "Sends a message. A person is asked first."));
}
