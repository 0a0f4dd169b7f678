using ActorAgents.Host.Chat;

namespace ActorAgents.Host.Tests.Chat;

public sealed class InterruptionsTests
{
    [Fact]
    public void The_first_interrupt_is_the_turns_and_the_second_the_programs()
    {
        using var interruptions = new Interruptions();
        using var turn = interruptions.Turn(out var interrupt);

        interruptions.Interrupt();
        Assert.True(interrupt.IsCancellationRequested);
        Assert.False(interruptions.Leaving.IsCancellationRequested);

        interruptions.Interrupt();
        Assert.True(interruptions.Leaving.IsCancellationRequested);
    }

    [Fact]
    public void Between_turns_an_interrupt_is_the_programs()
    {
        using var interruptions = new Interruptions();
        interruptions.Turn(out var interrupt).Dispose();

        interruptions.Interrupt();

        Assert.False(interrupt.IsCancellationRequested && !interruptions.Leaving.IsCancellationRequested);
        Assert.True(interruptions.Leaving.IsCancellationRequested);
    }

    [Fact]
    public void Each_turn_has_a_first_interrupt_of_its_own()
    {
        using var interruptions = new Interruptions();
        using (interruptions.Turn(out _)) interruptions.Interrupt();
        using var turn = interruptions.Turn(out var second);

        interruptions.Interrupt();

        Assert.True(second.IsCancellationRequested);
        Assert.False(interruptions.Leaving.IsCancellationRequested);
    }

    [Fact]
    public void A_termination_interrupts_the_turn_and_ends_the_program_after_it()
    {
        using var interruptions = new Interruptions();
        var turn = interruptions.Turn(out var interrupt);

        interruptions.Terminate();
        Assert.True(interrupt.IsCancellationRequested && interruptions.Terminated);
        Assert.False(interruptions.Leaving.IsCancellationRequested);

        turn.Dispose();
        Assert.True(interruptions.Leaving.IsCancellationRequested);
    }

    [Fact]
    public void Between_turns_a_termination_ends_the_program_at_once()
    {
        using var interruptions = new Interruptions();

        interruptions.Terminate();

        Assert.True(interruptions.Leaving.IsCancellationRequested);
    }
}
