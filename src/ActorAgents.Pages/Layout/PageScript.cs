using Microsoft.JSInterop;

namespace ActorAgents.Pages;

/// <summary>What the pages ask of the browser. One per circuit.</summary>
internal sealed class PageScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    public async ValueTask<bool> IsDarkAsync() => await (await ModuleAsync()).InvokeAsync<bool>("isDark");

    public async ValueTask SetDarkAsync(bool dark) => await (await ModuleAsync()).InvokeVoidAsync("setDark", dark);

    public async ValueTask DisposeAsync()
    {
        if (_module is not { IsCompletedSuccessfully: true } loaded) return;
        try { await (await loaded).DisposeAsync(); }
        catch (JSDisconnectedException) { } // The browser went first, and the module with it.
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "./_content/ActorAgents.Pages/pages.js").AsTask();
}
