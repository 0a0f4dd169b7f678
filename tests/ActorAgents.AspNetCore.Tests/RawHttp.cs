using System.Net.Sockets;
using System.Text;

namespace ActorAgents.AspNetCore.Tests;

/// <summary>Requests byte by byte, as no client would send them.</summary>
internal static class RawHttp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The status line, and the body as it was sent.</summary>
    public static async Task<(string Line, string Body)> SendAsync(Uri address, string request)
    {
        using var connection = await ConnectAsync(address, request);
        using var reader = new StreamReader(connection.GetStream(), Encoding.UTF8);
        var answer = await reader.ReadToEndAsync().WaitAsync(Patience);
        var line = answer.Split("\r\n")[0];
        return (line, Body(answer));
    }

    /// <summary>A connection on which this was sent and nothing is read.</summary>
    public static async Task<TcpClient> ConnectAsync(Uri address, string request, int receiveBuffer = 0)
    {
        var connection = new TcpClient();
        if (receiveBuffer > 0) connection.ReceiveBufferSize = receiveBuffer;
        await connection.ConnectAsync(address.Host, address.Port);
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(request));
        return connection;
    }

    private static string Body(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return end < 0 ? "" : answer[(end + 4)..];
    }
}
