using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ActorAgents.AspNetCore;

/// <summary>Halts: set, listed, released, and what became of them.</summary>
internal static class NativeHalts
{
    private const int UsualPage = 100, LargestPage = 1000;

    public static void Map(WireEndpoints wire)
    {
        wire.Post("/halts", HaltAsync, ActorAgentsScopes.Admin);
        wire.Get("/halts", ListAsync, ActorAgentsScopes.Admin);
        wire.Get("/halts/history", GetHistoryAsync, ActorAgentsScopes.Admin);
        wire.Delete("/halts/{id}", ReleaseAsync, ActorAgentsScopes.Admin);
        wire.Rest("/halts/{**rest}", ActorAgentsScopes.Admin);
    }

    private static async Task HaltAsync(HttpContext http)
    {
        HaltScope scope;
        string reason;
        using (var body = await JsonBody.ReadAsync(http))
        {
            var text = body.Root.RequiredText("scope");
            scope = Caller.OrBadRequest(() => HaltScope.Parse(text));
            reason = body.Root.RequiredText("reason");
            if (string.IsNullOrWhiteSpace(reason)) throw body.Root.Wrong("reason", "some text: those who are stopped read it");
            if (reason.Length > Halt.MaxReasonChars) throw body.Root.Wrong("reason", $"at most {Halt.MaxReasonChars} characters");
        }
        Halt halt;
        try { halt = await http.Agents().HaltAsync(scope, reason, http.RequestAborted); }
        catch (ArgumentException beyond) // The only one left: scope and reason have their forms.
        {
            throw new HttpErrorException(new(StatusCodes.Status403Forbidden, "forbidden", $"Scope {scope} reaches beyond this key's tenant."), beyond);
        }
        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"{Route.Sent(http)}/{halt.Id}";
        await http.WriteJsonAsync(json => NativeWire.Whole(json, () =>
        {
            NativeJson.Halt(json, halt);
            NativeJson.Objects(json, "nodes", halt.Nodes, node => NativeJson.Node(json, node));
        }));
    }

    private static Task ListAsync(HttpContext http) => http.WriteJsonAsync(json =>
        NativeWire.Whole(json, () => NativeJson.Objects(json, "halts", http.Agents().Halts, halt => NativeJson.Halt(json, halt))));

    /// <summary>Newest first, a page at a time: <c>?max=</c> entries <c>?before=</c> an epoch.</summary>
    private static async Task GetHistoryAsync(HttpContext http)
    {
        var max = Number("max", LargestPage) ?? UsualPage;
        var history = await http.Agents().GetHaltHistoryAsync((int)max, Number("before", long.MaxValue), http.RequestAborted);
        await http.WriteJsonAsync(json => NativeWire.Whole(json, () => NativeJson.Objects(json, "history", history, entry => NativeJson.HaltRecord(json, entry))));

        long? Number(string name, long most)
        {
            var text = http.Request.Query[name].ToString();
            if (text.Length == 0) return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most) return number;
            throw new HttpErrorException(HttpError.BadRequest($"'{text}' is not valid: use a whole number from 1 to {most}.", name));
        }
    }

    private static async Task ReleaseAsync(HttpContext http)
    {
        var id = Route.Value(http, "id");
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new HttpErrorException(HttpError.BadRequest($"'{id}' is not the id of a halt: use a whole number.", "id"));
        if (!await http.Agents().ReleaseAsync(new HaltId(number), http.RequestAborted))
            throw new HttpErrorException(HttpError.NotFound("unknown_halt", $"No halt {id} stands."));
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
