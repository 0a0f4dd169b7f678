using System.Text.Json.Nodes;
using ActorAgents.AspNetCore;

namespace ActorAgents.Host.Commands;

/// <summary>Runs <c>key</c>: makes a secret and shows it once, with the setting that lets it in.</summary>
internal static class KeyCommand
{
    public static int Run(string name, IReadOnlyList<string> scopes, string? tenant, TextWriter output, TextWriter error)
    {
        var secret = ApiKey.NewSecret();
        try
        {
            if (name.Contains(':', StringComparison.Ordinal)) throw new ArgumentException("The name of a key may not contain ':', which separates names in settings.");
            var key = new ApiKey(name, ApiKey.Hash(secret), scopes, tenant);
            var setting = new JsonObject { ["Hash"] = ApiKey.Hash(secret), ["Scopes"] = new JsonArray([.. key.Scopes.Select(scope => JsonValue.Create(scope))]) };
            if (tenant is not null) setting["Tenant"] = tenant;
            output.WriteLine(secret);
            error.WriteLine($"""
                This is the key; it is not kept anywhere. In config/appsettings.json, under "ActorAgents", goes:

                  "Keys": {new JsonObject { [name] = setting }.ToJsonString()}

                """);
            return ExitCode.Ok;
        }
        catch (ArgumentException mistake)
        {
            error.WriteLine(mistake.Message.Split(" (Parameter")[0]);
            return ExitCode.Failed;
        }
    }
}
