namespace ActorAgents.AspNetCore.Tests.Interop.Clients;

/// <summary>The tool that runs at the clients of .NET, and the form of answers they ask for.</summary>
internal static class Tools
{
    public const string Weather = "get_weather";
    public const string Description = "The temperature in a city, in degrees.";
    public const string Parameters = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}""";
    public const string Place = """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}""";

    public static int Run(Action<Said> say, string name, IReadOnlyDictionary<string, string> arguments)
    {
        say(new() { Call = new(name, arguments) });
        return 18;
    }
}
