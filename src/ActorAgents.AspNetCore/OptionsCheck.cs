using Microsoft.Extensions.Options;

namespace ActorAgents.AspNetCore;

/// <summary>Finds what is wrong with the options before anything is served.</summary>
internal static class OptionsCheck
{
    /// <exception cref="OptionsValidationException">With a sentence for each mistake, which names the option.</exception>
    public static ActorAgentsHttpOptions Checked(ActorAgentsHttpOptions options)
    {
        var mistakes = Mistakes(options).ToList();
        return mistakes.Count == 0 ? options : throw new OptionsValidationException(nameof(ActorAgentsHttpOptions), typeof(ActorAgentsHttpOptions), mistakes);
    }

    private static IEnumerable<string> Mistakes(ActorAgentsHttpOptions options)
    {
        if (options.MaxRequestBytes is < 1 or > int.MaxValue) yield return $"MaxRequestBytes is {options.MaxRequestBytes}: use 1 to {int.MaxValue}.";
        if (options.KeepAlive <= TimeSpan.Zero && options.KeepAlive != Timeout.InfiniteTimeSpan)
            yield return $"KeepAlive is {options.KeepAlive}: use a positive time, or Timeout.InfiniteTimeSpan for none.";
        if (options.KeepResponses <= TimeSpan.Zero) yield return $"KeepResponses is {options.KeepResponses}: use a positive time.";
        if (options.MaxResponseAgents < 1) yield return $"MaxResponseAgents is {options.MaxResponseAgents}: use a whole number from 1.";
        if (options.KeepContexts <= TimeSpan.Zero) yield return $"KeepContexts is {options.KeepContexts}: use a positive time.";
        foreach (var (name, limits) in new[] { (nameof(options.PerKey), options.PerKey), (nameof(options.PerTenant), options.PerTenant) })
            if (limits is null or { RequestsPerMinute: < 0 } or { Concurrent: < 0 }) yield return $"{name} is {limits}: use whole numbers from 0, where 0 means no bound.";
        foreach (var origin in options.AllowedOrigins.Where(origin => !ActorAgentsHttpOptions.IsOrigin(origin)))
            yield return $"AllowedOrigins has '{origin}', which is not an origin: use scheme, host and port alone, as https://app.example.com.";
        foreach (var name in Doubled(options.Keys, key => key.Name)) yield return $"Two of Keys are named '{name}': give each a name of its own, since limits are counted by it.";
        foreach (var names in options.Keys.GroupBy(key => Convert.ToHexString(key.Hashed)).Where(same => same.Count() > 1))
            yield return $"Keys {string.Join(", ", names.Select(key => $"'{key.Name}'"))} have the same hash: who presents that secret would be any of them.";
        if (options.AuthenticationScheme is { } scheme && options.Keys.Count > 0) yield return $"Keys are given and AuthenticationScheme is '{scheme}': use one of them.";
    }

    private static IEnumerable<string> Doubled(IEnumerable<ApiKey> keys, Func<ApiKey, string> by) =>
        keys.GroupBy(by).Where(same => same.Count() > 1).Select(same => same.Key);
}
