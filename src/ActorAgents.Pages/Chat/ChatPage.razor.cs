using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using MudBlazor;

namespace ActorAgents.Pages;

/// <summary>The conversations of this browser, and the one that the address names.</summary>
public sealed partial class ChatPage
{
    private readonly Dictionary<OpenConversation, string> _written = [];
    private IReadOnlyList<AgentDefinition>? _definitions;
    private OpenConversation? _conversation;
    private string? _problem;
    private bool _drawer = true;
    private Task? _shelf;

    /// <summary>The kind of the agent. Absent for a new conversation.</summary>
    [Parameter]
    public string? Kind { get; set; }

    /// <summary>The key of the agent.</summary>
    [Parameter]
    public string? Key { get; set; }

    /// <summary>Loads what does not depend on the address.</summary>
    protected override async Task OnInitializedAsync()
    {
        Open.Changed += OnChanged;
        _shelf = Shelf.LoadAsync();
        await _shelf;
        _definitions = [.. (await Agents.GetAsync()).Definitions.Values.OrderBy(d => d.Kind, StringComparer.Ordinal)];
    }

    /// <summary>Opens the conversation of the address.</summary>
    protected override async Task OnParametersSetAsync()
    {
        (_problem, _conversation) = (null, null);
        // Where the list covers the page, it has served its purpose.
        if (_drawer && await Viewport.IsBreakpointWithinWindowSizeAsync(Breakpoint.SmAndDown)) _drawer = false;
        if (Kind is not { } kind) return;
        await _shelf!;
        try
        {
            var conversation = await Open.OpenAsync(kind, Key ?? "");
            if (Kind != kind || Key != conversation.Key) return; // The address changed meanwhile.
            _conversation = conversation;
            await conversation.LoadAsync(Shelf.Find(kind, conversation.Key)?.Waiting ?? []);
        }
        catch (Exception e) when (e is ArgumentException or UnknownAgentException)
        {
            _problem = e.Message;
        }
    }

    private async Task StartAsync((string Kind, string Prompt) first)
    {
        var conversation = await Open.OpenAsync(first.Kind, ConversationShelf.NewKey());
        Navigation.NavigateTo($"c/{conversation.Kind}/{conversation.Key}");
        await conversation.SendAsync(first.Prompt);
    }

    private async Task RemoveAsync(ShelvedConversation entry)
    {
        await Shelf.RemoveAsync(entry);
        if (entry.Kind == Kind && entry.Key == Key) Navigation.NavigateTo("");
    }

    private void OnChanged(OpenConversation conversation) => _ = InvokeAsync(async () =>
    {
        try { await WriteDownAsync(conversation); }
        catch (Exception e) when (e is JSDisconnectedException or OperationCanceledException) { } // The browser is away; the next change is written with this one.
        catch (Exception e) { await DispatchExceptionAsync(e); }
    });

    /// <summary>The list changes when a conversation begins, waits or falls quiet: not with every piece of an answer.</summary>
    private async Task WriteDownAsync(OpenConversation conversation)
    {
        var stands = $"{conversation.Exchanges.Count > 0} {conversation.IsBusy} {string.Join(' ', conversation.Waiting.Select(w => w.Turn))}";
        if (_written.GetValueOrDefault(conversation) == stands) return;
        var writing = Shelf.PutAsync(conversation);
        StateHasChanged(); // The list shows it before the browser has it.
        await writing;
        _written[conversation] = stands;
    }

    /// <summary>Lets go of the circuit's conversations, which go on.</summary>
    public void Dispose() => Open.Changed -= OnChanged;
}
