using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorAgents.AspNetCore;

/// <summary>A2A 1.0 by JSON-RPC: each kind is an agent with a card and an address of its own, a context is an agent's key, a task is a turn.</summary>
internal static class A2AWire
{
    private const string Base = "/a2a", Card = "/.well-known/agent-card.json";

    public static IEndpointConventionBuilder Map(IEndpointRouteBuilder routes)
    {
        var wire = new WireEndpoints(routes, A2AErrorShape.Instance);
        wire.GetOpen(Card, http => A2ACard.AnswerAsync(http, http.Settings().Options.DefaultKind, Route.Sent(http)[..^Card.Length] + Base));
        wire.GetOpen($"{Base}/{{kind}}{Card}", http => A2ACard.AnswerAsync(http, Route.Kind(http), Route.Sent(http)[..^Card.Length]));
        wire.Post(Base, http => CallAsync(http, Caller.Kind(http)));
        wire.Post($"{Base}/{{kind}}", http => CallAsync(http, Route.Kind(http)));
        wire.Rest(Card);
        wire.Rest($"{Base}/{{**rest}}");
        return wire.Conventions;
    }

    private static async Task CallAsync(HttpContext http, string kind)
    {
        var answer = await A2ACall.ReadAsync(http, (call, envelope) => Prepare(http, kind, call, envelope));
        await answer();
    }

    /// <summary>Reads the parameters and gives what answers, so that the body need not be kept while it does.</summary>
    private static Func<Task> Prepare(HttpContext http, string kind, A2ACall call, RequestObject envelope)
    {
        switch (call.Method)
        {
            case "SendMessage" or "SendStreamingMessage":
                var message = A2AMessage.Read(Parameters());
                return () => A2ASending.SendAsync(http, kind, call, message, streams: call.Method == "SendStreamingMessage");
            case "GetTask":
                var (asked, length) = (TaskId(), Parameters().Integer("historyLength", 0));
                return () => A2ATasks.GetAsync(http, kind, call, asked, length);
            case "CancelTask":
                var ending = TaskId();
                return () => A2ATasks.CancelAsync(http, kind, call, ending);
            case "SubscribeToTask":
                var followed = TaskId();
                return () => A2ATasks.SubscribeAsync(http, kind, call, followed);
            case "ListTasks":
                var list = A2AList.Read(Parameters());
                return () => list.AnswerAsync(http, kind, call);
            case "CreateTaskPushNotificationConfig" or "GetTaskPushNotificationConfig" or "ListTaskPushNotificationConfigs" or "DeleteTaskPushNotificationConfig":
                throw A2AErrors.NoPush();
            case "GetExtendedAgentCard":
                throw A2AErrors.Unsupported("There is no other card than the public one.");
            default:
                throw A2AErrors.UnknownMethod(call.Method);
        }

        RequestObject Parameters() => envelope.Object("params") ?? throw envelope.Missing("params", "an object");
        string TaskId() => Parameters().RequiredText("id");
    }
}
