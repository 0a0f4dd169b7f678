using ActorAgents.Host.Tools;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ActorAgents.Host.Tests.Tools;

public sealed class SampleToolTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 2, 29, 23, 5, 6, TimeSpan.Zero));

    [Theory]
    [InlineData("UTC", "Thursday, 29 February 2024, 23:05:06 (UTC)")]
    [InlineData("utc", "Thursday, 29 February 2024, 23:05:06 (UTC)")]
    [InlineData("Asia/Tokyo", "Friday, 1 March 2024, 08:05:06 (Asia/Tokyo, UTC+09:00)")]
    [InlineData("Tokyo", "Friday, 1 March 2024, 08:05:06 (Asia/Tokyo, UTC+09:00)")]
    [InlineData("new york", "Thursday, 29 February 2024, 18:05:06 (America/New_York, UTC-05:00)")]
    public void The_clock_tells_date_and_time_of_a_zone(string zone, string expected) => Assert.Equal(expected, ClockTool.Read(_time, zone));

    [Fact]
    public void The_clock_takes_the_local_zone_unless_told_otherwise()
    {
        _time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("Test/Zone", TimeSpan.FromHours(2), "Test", "Test"));

        Assert.Equal("Friday, 1 March 2024, 01:05:06 (Test/Zone, UTC+02:00)", ClockTool.Read(_time, null));
    }

    [Theory]
    [InlineData("Atlantis")]
    [InlineData("../etc/passwd")]
    public void The_clock_refuses_a_zone_it_does_not_know(string zone) => Assert.StartsWith($"Error: '{zone}' is not a known time zone", ClockTool.Read(_time, zone));

    [Fact]
    public async Task The_long_task_reports_ten_steps_and_ends_after_its_seconds()
    {
        var reports = new List<string>();
        var task = LongTaskTool.RunAsync(5, reports.Add, _time, CancellationToken.None);
        for (var step = 1; step <= 10; step++)
        {
            Assert.False(task.IsCompleted);
            _time.Advance(TimeSpan.FromSeconds(0.5));
            Assert.Equal($"{step * 10} %", reports[^1]);
        }

        Assert.Equal("The long task is done after 5 seconds.", await task);
        Assert.Equal(10, reports.Count);
    }

    [Fact]
    public async Task The_long_task_stops_at_once_when_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var task = LongTaskTool.RunAsync(5, _ => { }, _time, stop.Token);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(121)]
    public async Task The_long_task_refuses_durations_out_of_bounds(int seconds) =>
        Assert.Equal($"Error: seconds is {seconds}; use 1 to 120.", await LongTaskTool.RunAsync(seconds, _ => { }, _time, CancellationToken.None));

    [Fact]
    public async Task The_long_task_runs_without_an_agent()
    {
        var task = LongTaskTool.Create(_time).InvokeAsync(new() { ["seconds"] = 1 }).AsTask();
        for (var i = 0; i < 10; i++) _time.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Contains("done after 1 second.", (await task)?.ToString());
    }

    [Fact]
    public async Task The_calculator_is_called_by_its_parameter_name() =>
        Assert.Equal("84", (await CalculatorTool.Create().InvokeAsync(new() { ["expression"] = "12*(3+4)" }))?.ToString());

    [Fact]
    public void Sending_a_message_needs_approval() => Assert.NotNull(SendMessageTool.Create().GetService<ApprovalRequiredAIFunction>());

    [Fact]
    public void Every_tool_has_the_name_it_is_registered_under_and_a_description()
    {
        using var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).BuildServiceProvider();

        Assert.All(SampleTools.All, tool =>
        {
            var made = tool.Value(services);
            Assert.Equal(tool.Key, made.Name);
            Assert.NotEmpty(made.Description);
        });
    }

    [Fact]
    public void No_tool_shows_its_context_or_token_to_the_model() =>
        Assert.Equal(["seconds"], LongTaskTool.Create(_time).JsonSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name));
}
