using Microsoft.Extensions.AI;

namespace ActorAgents.RaceTests;

/// <summary>When, and whether, a provider answers one request for its next update.</summary>
internal enum Beat
{
    /// <summary>Before the call returns.</summary>
    Now,
    /// <summary>On another thread, at about the time at which the call returns.</summary>
    Soon,
    /// <summary>Inside the registration of the continuation.</summary>
    AtOnce,
    /// <summary>A millisecond or more later, whatever its token says.</summary>
    Later,
    /// <summary>Only when its token is cancelled.</summary>
    Listening,
    /// <summary>Not before the end of the round, whatever its token says.</summary>
    Silent,
}

/// <summary>One answer: an update, a failure, or (neither) the end.</summary>
internal sealed record Chunk(Beat Beat, ChatResponseUpdate? Update = null, Exception? Failure = null)
{
    public string Text => Update is null ? "" : string.Concat(Update.Contents.OfType<TextContent>().Select(content => content.Text));
    public long Usage => Update?.Contents.OfType<UsageContent>().Sum(usage => usage.Details.OutputTokenCount) ?? 0;
}

/// <summary>What the provider says in one call, made at random.</summary>
internal sealed class CallScript
{
    private static readonly string[] Harmless = ["quick", "quick", "async", "async", "slow", "throws", "late", "reports", "reports", "unknown", "ends", "guarded"];

    private CallScript(Chunk[] chunks, bool staysSilent) => (Chunks, StaysSilent) = (chunks, staysSilent);

    public Chunk[] Chunks { get; }

    /// <summary>Without a stop the turn would not end.</summary>
    public bool StaysSilent { get; }

    /// <summary>The calls of one turn, in order. When all have been made, <see cref="Last"/> is said.</summary>
    public static CallScript[] ForTurn(Random random, string turn)
    {
        var calls = new CallScript[random.Next(1, 4)];
        for (var i = 0; i < calls.Length; i++) calls[i] = Make(random, $"{turn}.{i}", random.Next(4) == 0 ? 0 : random.Next(13));
        return calls;
    }

    public static CallScript Last() => new([Finish(Beat.Soon), new Chunk(Beat.Now)], false);

    private static CallScript Make(Random random, string name, int length)
    {
        var chunks = new List<Chunk>();
        var silent = false;
        for (var i = 0; i < length; i++)
        {
            var beat = random.Next(100) switch
            {
                < 45 => Beat.Now,
                < 80 => Beat.Soon,
                < 90 => Beat.AtOnce,
                < 98 => Beat.Later,
                98 => random.Next(2) == 0 ? Beat.Listening : Beat.Soon,
                _ => random.Next(2) == 0 ? Beat.Silent : Beat.Soon,
            };
            if (beat is Beat.Listening or Beat.Silent) silent = true;
            if (random.Next(60) == 0)
            {
                chunks.Add(new Chunk(beat, Failure: Failure(random)));
                return new CallScript([.. chunks], silent);
            }
            chunks.Add(new Chunk(beat, Update(random, $"{name}.{i}", ref silent)));
        }
        if (random.Next(40) > 0) chunks.Add(Finish(random.Next(2) == 0 ? Beat.Now : Beat.Soon)); // Else the answer is cut.
        chunks.Add(new Chunk(random.Next(2) == 0 ? Beat.Now : Beat.Soon));
        return new CallScript([.. chunks], silent);
    }

    private static ChatResponseUpdate Update(Random random, string name, ref bool silent)
    {
        switch (random.Next(16))
        {
            case 0: return new ChatResponseUpdate { Role = ChatRole.Assistant };
            case 1: return Of(new TextContent("<" + name), new TextContent(""), new TextReasoningContent("hm"), new TextContent(">"));
            case 2: return Of(new TextReasoningContent("hm "));
            case 3 or 4:
                var calls = Enumerable.Range(0, random.Next(1, 5)).Select(AIContent (k) => new FunctionCallContent($"{name}.{k}", Harmless[random.Next(Harmless.Length)])).ToList();
                if (random.Next(12) == 0)
                {
                    calls.Add(new FunctionCallContent($"{name}.deaf", random.Next(2) == 0 ? "deaf" : "hears"));
                    silent = true;
                }
                return new ChatResponseUpdate { Role = ChatRole.Assistant, Contents = calls };
            case 5: return Of(new DataContent(new byte[] { 1, 2, 3 }, "image/png"));
            default: return Of(new TextContent($"{name} "));
        }
    }

    private static Chunk Finish(Beat beat) => new(beat, new ChatResponseUpdate
    {
        Role = ChatRole.Assistant,
        FinishReason = ChatFinishReason.Stop,
        Contents = [new UsageContent(new UsageDetails { OutputTokenCount = 1 })],
    });

    private static Exception Failure(Random random)
    {
        if (random.Next(2) == 0) return new InvalidOperationException("The provider is broken.");
        return new HttpRequestException("Overloaded.") { Data = { [ProviderErrors.RetryAfter] = TimeSpan.FromMilliseconds(random.Next(3)) } };
    }

    private static ChatResponseUpdate Of(params AIContent[] contents) => new() { Role = ChatRole.Assistant, Contents = contents };
}
