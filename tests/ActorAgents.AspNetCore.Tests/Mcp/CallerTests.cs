using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore.Tests.Mcp;

/// <summary>Whose a request is, and how it ends.</summary>
public sealed class CallerTests
{
    [Fact]
    public void Callers_of_one_name_from_two_issuers_or_tenants_are_two()
    {
        Assert.Equal(Maker("a", "one", "x"), Maker("a", "one", "x"));
        Assert.NotEqual(Maker("a", "one", "x"), Maker("a", "two", "x"));
        Assert.NotEqual(Maker("a", "one", "x"), Maker("b", "one", "x"));
        Assert.NotEqual(Maker("a", "one", null), Maker("b", "one", null));
    }

    [Fact]
    public async Task A_cancellation_ends_the_request_though_the_work_is_done()
    {
        var http = new DefaultHttpContext();
        using var cancel = new CancellationTokenSource();
        CancellationToken aborted;
        await using (var caller = McpCaller.Enter(http))
        {
            aborted = http.RequestAborted;
            caller.EndsBy(cancel.Token);
            await caller.WorkAsync((_, _) => Task.FromResult(1), cancel.Token);
            Assert.False(aborted.IsCancellationRequested);

            await cancel.CancelAsync();

            Assert.True(aborted.IsCancellationRequested);
            Assert.True(caller.IsCancelled);
            Assert.False(caller.IsGone);
        }
        Assert.NotEqual(aborted, http.RequestAborted);
    }

    [Fact]
    public async Task Work_that_comes_too_late_is_cancelled()
    {
        var caller = McpCaller.Enter(new DefaultHttpContext());
        await caller.DisposeAsync();
        caller.EndsBy(new CancellationToken(canceled: true));

        await Assert.ThrowsAsync<OperationCanceledException>(() => caller.WorkAsync((_, _) => Task.FromResult(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_frame_is_written_whole_though_its_message_is_cancelled()
    {
        var http = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        var body = http.Response.Body;
        await using (KeptAliveBody.Of(http))
        {
            await http.Response.Body.WriteAsync("data: 1\n\n"u8.ToArray(), new CancellationToken(canceled: true));
            await http.Response.Body.FlushAsync(new CancellationToken(canceled: true));
        }
        Assert.Equal(9, body.Length);
        Assert.Same(body, http.Response.Body);
    }

    private static string Maker(string tenant, string issuer, string? name)
    {
        var identity = new ClaimsIdentity([new(ActorAgentsClaims.Tenant, tenant)], "test");
        if (name is not null) identity.AddClaim(new(ClaimTypes.NameIdentifier, name, null, issuer));
        return McpCaller.Enter(new DefaultHttpContext { User = new(identity) }).Maker;
    }
}
