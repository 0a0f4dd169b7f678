using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace ActorAgents.Cluster;

/// <summary>
/// How what is stored and sent is written as JSON. Names are those of the C# members in camel case, unions carry a short kind, absent values are left out,
/// and a member that is not known is skipped, so that members may be added. Renaming one needs a new manifest.
/// </summary>
internal static class WireJson
{
    /// <summary>For the contents of messages and the options of requests, whose contracts are Microsoft.Extensions.AI's.</summary>
    public static readonly JsonSerializerOptions Contents = Make(new ContentResolver());

    public static readonly JsonSerializerOptions Options = Make(
        JsonTypeInfoResolver.Combine(new ContentResolver(), WireContext.Default).WithAddedModifier(Shape),
        new TurnIdConverter(), new AgentIdConverter(), new HaltScopeConverter(), new AgentInputConverter(), new PaceConverter(), new ChatOptionsConverter(),
        new EventsConverter<IReadOnlyList<TurnEvent>>(static events => events), new EventsConverter<ImmutableList<TurnEvent>>(static events => [.. events]));

    private static readonly (Type Type, string Kind)[] Entries =
    [
        (typeof(JournalEntry.InputAccepted), "accepted"),
        (typeof(JournalEntry.TurnProgressed), "progressed"),
        (typeof(JournalEntry.TurnRecorded), "recorded"),
        (typeof(JournalEntry.TurnResumed), "resumed"),
        (typeof(JournalEntry.TurnHandedOn), "handedOn"),
        (typeof(JournalEntry.StopAsked), "stopAsked"),
        (typeof(JournalEntry.CallAnswered), "answered"),
        (typeof(JournalEntry.ConversationCleared), "cleared"),
        (typeof(JournalEntry.ProviderChosen), "provider"),
        (typeof(JournalEntry.ToolAdded), "toolAdded"),
        (typeof(JournalEntry.ToolRemoved), "toolRemoved"),
    ];

    private static JsonSerializerOptions Make(IJsonTypeInfoResolver resolver, params JsonConverter[] converters)
    {
        var options = new JsonSerializerOptions
        {
            TypeInfoResolver = resolver,
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // Nobody shows it in a page.
            MaxDepth = 512, // The arguments of a call may be deep, and have been read before.
        };
        options.Converters.Add(new ValueConverter());
        foreach (var converter in converters) options.Converters.Add(converter);
        options.MakeReadOnly();
        return options;
    }

    private static void Shape(JsonTypeInfo type)
    {
        if (type.Type == typeof(JournalEntry))
        {
            type.PolymorphismOptions = new() { TypeDiscriminatorPropertyName = "k" };
            foreach (var (entry, kind) in Entries) type.PolymorphismOptions.DerivedTypes.Add(new(entry, kind));
        }
        // Contents of a provider's own kind are kept as an empty one, for the same reason as values that have no form in JSON.
        if (type.Type == typeof(AIContent)) type.PolymorphismOptions!.UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FallBackToNearestAncestor;
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.Assembly == typeof(ChatMessage).Assembly) return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            var property = type.Properties[i];
            if (IsComputed(property)) type.Properties.RemoveAt(i); // Not stored.
            // Written by those who write events. It stays a member: what is set with the constructor must be one, or nothing can be read.
            else if (IsPlace(type.Type, property.Name)) property.ShouldSerialize = static (_, _) => false;
        }
    }

    private static bool IsComputed(JsonPropertyInfo property) => property.Set is null && property.AssociatedParameter is null;

    private static bool IsPlace(Type type, string property) => typeof(TurnEvent).IsAssignableFrom(type) && property is "turn" or "epoch" or "seq";

    /// <summary>Microsoft.Extensions.AI's contracts, for its types and what they consist of.</summary>
    private sealed class ContentResolver : IJsonTypeInfoResolver
    {
        private static readonly IJsonTypeInfoResolver Known = AIJsonUtilities.DefaultOptions.TypeInfoResolver!;

        public JsonTypeInfo? GetTypeInfo(Type type, JsonSerializerOptions options) => IsContent(type) ? Known.GetTypeInfo(type, options) : null;

        private static bool IsContent(Type type) =>
            type.Assembly == typeof(AIContent).Assembly
            || type.Assembly == typeof(JsonElement).Assembly
            || type == typeof(object)
            || type.IsPrimitive
            || (Nullable.GetUnderlyingType(type) is { } value && IsContent(value))
            || type == typeof(string) || type == typeof(DateTimeOffset) || type == typeof(Uri) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(TimeSpan)
            || (type.IsGenericType && type.Namespace == "System.Collections.Generic" && type.GenericTypeArguments.All(IsContent));
    }
}
