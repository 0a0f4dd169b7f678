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
            var key = new ApiKey(name, ApiKey.Hash(secret), scopes, tenant);
            var of = tenant is null ? "" : $", \"Tenant\": \"{tenant}\"";
            output.WriteLine(secret);
            error.WriteLine($$"""
                This is the key; it is not kept anywhere. In config/appsettings.json, under "ActorAgents", goes:

                  "Keys": { "{{key.Name}}": { "Hash": "{{ApiKey.Hash(secret)}}", "Scopes": [ {{string.Join(", ", key.Scopes.Select(scope => $"\"{scope}\""))}} ]{{of}} } }

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
