using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace ActorAgents.Providers.Tests.Interop;

/// <summary>One mock server for all tests of the collection, on a free port of this machine; it ends with them.</summary>
public sealed class MockServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new();
    private Process? _process;
    private Uri? _url;

    public async Task InitializeAsync()
    {
        if (Installation.WhyNot is not null) return;
        _process = Process.Start(Installation.Script("mock.mjs"))!;
        using var patience = new CancellationTokenSource(Patience);
        var url = await _process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException("The mock server ended before it was up.");
        _url = new Uri(url);
    }

    /// <summary>Options for that kind of provider on this server. The server counts and journals by the test's name.</summary>
    public ProviderOptions Options(string kind, string test) => new()
    {
        Kind = kind,
        Endpoint = kind.StartsWith("openai", StringComparison.Ordinal) ? new Uri(_url!, "v1") : _url,
        Model = "mock-1",
        ApiKey = "key-of-the-test",
        Headers = new Dictionary<string, string> { ["X-Test-Id"] = test },
    };

    /// <summary>The requests a test has made, oldest first, as the server read them.</summary>
    public async Task<JsonElement[]> JournalAsync(string test)
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _http.GetFromJsonAsync<JsonElement[]>(new Uri(_url!, $"/__aimock/journal?testId={Uri.EscapeDataString(test)}"), patience.Token) ?? [];
    }

    public Task DisposeAsync()
    {
        _http.Dispose();
        if (_process is { HasExited: false }) _process.Kill();
        _process?.Dispose();
        return Task.CompletedTask;
    }
}

[CollectionDefinition(Name)]
public sealed class MockServerCollection : ICollectionFixture<MockServer>
{
    public const string Name = "Mock server";
}
