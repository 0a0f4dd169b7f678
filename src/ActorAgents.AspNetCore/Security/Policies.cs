namespace ActorAgents.AspNetCore;

/// <summary>The names of the authorization policies.</summary>
internal static class Policies
{
    public const string Chat = "ActorAgents.Chat";
    public const string Admin = "ActorAgents.Admin";

    /// <summary>For pages: who signed in may talk.</summary>
    public const string Pages = "ActorAgents.Pages";

    /// <exception cref="ArgumentException">No such scope.</exception>
    public static string Of(string scope) => scope switch
    {
        ActorAgentsScopes.Chat => Chat,
        ActorAgentsScopes.Admin => Admin,
        _ => throw new ArgumentException($"'{scope}' is not a scope. Scopes: {string.Join(", ", ActorAgentsScopes.All)}.", nameof(scope)),
    };
}
