namespace ActorAgents.Host.Configuration.Json;

/// <summary>JSON that still knows the lines it came from, so that a mistake can be pointed at.</summary>
internal abstract record JsonPlace(int Line)
{
    /// <summary>For messages: the value as it was written, or its sort.</summary>
    public abstract string Shown { get; }
}

internal sealed record JsonObjectPlace(int Line, IReadOnlyList<JsonMember> Members) : JsonPlace(Line)
{
    public override string Shown => "an object";
}

internal sealed record JsonMember(string Key, int Line, JsonPlace Value);

internal sealed record JsonArrayPlace(int Line, IReadOnlyList<JsonPlace> Items) : JsonPlace(Line)
{
    public override string Shown => "an array";
}

internal sealed record JsonTextPlace(int Line, string Value) : JsonPlace(Line)
{
    public override string Shown => $"\"{(Value.Length <= 60 ? Value : Value[..60] + "…")}\"";
}

/// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>.</summary>
internal sealed record JsonLiteralPlace(int Line, string Raw) : JsonPlace(Line)
{
    public override string Shown => Raw;
}
