namespace ActorAgents.Providers;

/// <summary>Reads whole bodies, of which nobody knows how large they are.</summary>
internal static class Body
{
    /// <summary>As much of a failure's body as is worth reading, in bytes.</summary>
    public const int LargestFailure = 64 * 1024;

    /// <summary>At most that many bytes of it; what comes after them is not read.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContent content, int atMost, CancellationToken token)
    {
        var body = await content.ReadAsStreamAsync(token).ConfigureAwait(false);
        var buffer = new byte[Math.Min(atMost, 16 * 1024)];
        var length = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(length), token).ConfigureAwait(false);
            length += read;
            if (read == 0 || length == atMost) return buffer.AsMemory(0, length);
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(atMost, length * 2));
        }
    }
}
