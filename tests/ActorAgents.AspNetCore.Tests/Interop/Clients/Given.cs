namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>What the clients of .NET are given, as those of the scripts are: a tool that they run, a form of answers, an image.</summary>
internal static class Given
{
    public const string Weather = "get_weather";
    public const string Description = "The temperature in a city, in degrees.";
    public const string Parameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";
    public const string Place = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    public const string Image = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    public const string Instructions = "Be brief.";

    public static int Run(Action<Said> say, string name, IReadOnlyDictionary<string, string> arguments)
    {
        say(new() { Call = new(name, arguments) });
        return 18;
    }
}
