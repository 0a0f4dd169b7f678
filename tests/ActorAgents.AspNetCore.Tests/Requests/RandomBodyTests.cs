using System.Net;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Xunit;

namespace ActorAgents.AspNetCore.Tests.Requests;

public sealed class RandomBodyTests(OpenServer open) : IClassFixture<OpenServer>
{
    private static readonly string?[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483648", "1e400", "0.1", "\"\"", "\" \"", "\"x\"", "\"assistant\"", "\"user\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\\n\\r\"",
        "[]", "[[]]", "[null]", "[{}]", "{}", "{\"type\":\"text\"}", "{\"\":\"\"}", "\"data:,\"", "\"data:;base64,\"", "\"http://\"", "\"{}\"", "\"[\"",
    ];

    [Property(MaxTest = 150)]
    public void No_document_made_from_a_good_one_breaks_a_route(int[] choices, PositiveInt seed)
    {
        foreach (var (_, path, body) in WireRoutes.Posts(open.Server))
        {
            var random = new System.Random(choices.Aggregate(seed.Get, HashCode.Combine));
            var document = JsonNode.Parse(body)!;
            for (var change = 0; change <= choices.Length % 3; change++) Change(document, random);
            var sent = document.ToJsonString();

            using var response = open.Server.SendAsync(HttpMethod.Post, path, sent).GetAwaiter().GetResult();
            var answer = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();

            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created or HttpStatusCode.Accepted or HttpStatusCode.NoContent || (int)response.StatusCode is >= 400 and < 500,
                $"{path} answered {sent} with {response.StatusCode}: {answer}");
        }
    }

    /// <summary>Puts something else in some place, takes a member away, adds one, or doubles an item.</summary>
    internal static void Change(JsonNode document, System.Random random)
    {
        var places = Inner(document).ToList();
        var place = places[random.Next(places.Count)];
        var value = JsonNode.Parse(Values[random.Next(Values.Length)]!);
        switch (place)
        {
            case JsonObject { Count: > 0 } members when random.Next(4) > 0:
                var name = members.ElementAt(random.Next(members.Count)).Key;
                if (random.Next(4) == 0) members.Remove(name);
                else members[name] = value;
                break;
            case JsonObject members: members[$"x{random.Next(3)}"] = value; break;
            case JsonArray { Count: > 0 } items when random.Next(3) > 0: items[random.Next(items.Count)] = value; break;
            case JsonArray items: items.Add(items.Count > 0 && random.Next(2) == 0 ? items[0]?.DeepClone() : value); break;
        }
    }

    private static IEnumerable<JsonNode> Inner(JsonNode node) => node switch
    {
        JsonObject members => members.Where(member => member.Value is not null).SelectMany(member => Inner(member.Value!)).Prepend(node),
        JsonArray items => items.Where(item => item is not null).SelectMany(item => Inner(item!)).Prepend(node),
        _ => [],
    };
}
