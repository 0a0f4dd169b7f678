using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace ActorAgents.Pages;

/// <summary>The link to the chat, which is also where each conversation is.</summary>
public sealed class ChatLink : NavLink
{
    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    /// <summary>Whether the address is the chat's.</summary>
    protected override bool ShouldMatch(string uriAbsolute) =>
        base.ShouldMatch(uriAbsolute) || Navigation.ToBaseRelativePath(uriAbsolute).StartsWith("c/", StringComparison.Ordinal);
}
