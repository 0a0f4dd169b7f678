using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ActorAgents.Pages;

/// <summary>What the pages ask of the browser. One per circuit.</summary>
internal sealed class PageScript(IJSRuntime js) : IAsyncDisposable
{
    private Task<IJSObjectReference>? _module;

    public async ValueTask<bool> IsDarkAsync() => await (await ModuleAsync()).InvokeAsync<bool>("isDark");

    public async ValueTask SetDarkAsync(bool dark) => await (await ModuleAsync()).InvokeVoidAsync("setDark", dark);

    /// <summary>Calls <c>SetDark</c> when the system's preference changes, until <c>stop</c> of what it returns is called.</summary>
    public async ValueTask<IJSObjectReference> WatchDarkAsync<T>(DotNetObjectReference<T> page) where T : class =>
        await (await ModuleAsync()).InvokeAsync<IJSObjectReference>("watchDark", page);

    /// <summary>The shelf's entries, as JSON.</summary>
    public async ValueTask<string> LoadShelfAsync() => await (await ModuleAsync()).InvokeAsync<string>("loadShelf");

    public async ValueTask PutOnShelfAsync(string entry) => await (await ModuleAsync()).InvokeVoidAsync("putOnShelf", entry);

    public async ValueTask TakeOffShelfAsync(string kind, string key) => await (await ModuleAsync()).InvokeVoidAsync("takeOffShelf", kind, key);

    /// <summary>The text of an input, which is empty afterwards and has the focus.</summary>
    public async ValueTask<string> TakeTextAsync(ElementReference input) => await (await ModuleAsync()).InvokeAsync<string>("takeText", input);

    public async ValueTask FocusAsync(ElementReference element) => await (await ModuleAsync()).InvokeVoidAsync("focus", element);

    /// <summary>Keeps the end of what grows in an element in sight, unless the reader scrolled away from it.</summary>
    public async ValueTask FollowEndAsync(ElementReference scroller) => await (await ModuleAsync()).InvokeVoidAsync("followEnd", scroller);

    public async ValueTask DisposeAsync()
    {
        if (_module is not { IsCompletedSuccessfully: true } loaded) return;
        try { await (await loaded).DisposeAsync(); }
        catch (JSDisconnectedException) { } // The browser went first, and the module with it.
    }

    private Task<IJSObjectReference> ModuleAsync() => _module ??= js.InvokeAsync<IJSObjectReference>("import", "./_content/ActorAgents.Pages/pages.js").AsTask();
}
