namespace ActorAgents;

/// <summary>What of an agent's turns outlives the process.</summary>
public enum Durability
{
    /// <summary>Nothing: the conversation lives as long as the agent does.</summary>
    None,
    /// <summary>
    /// The input before it is accepted; each step and each tool's start and end before a reader sees them. Text is seen as it comes: after a crash a reader may be told
    /// that what it has of the running step is withdrawn (<see cref="Reset"/>).
    /// </summary>
    Turn,
    /// <summary>As <see cref="Turn"/>, and each piece of text before a reader sees it: with a provider that goes on in mid-text (<see cref="ProviderBuilder.ContinuesText"/>) nothing that was seen is withdrawn. Pieces that come while others are being stored are stored together.</summary>
    BeforePublish,
}

/// <summary>What becomes of a turn that ran when its process ended.</summary>
public enum TurnRecovery
{
    /// <summary>It goes on where it is stored. Tools that finished are not run again; of one that was running its result is that nobody knows.</summary>
    Resume,
    /// <summary>It ends as interrupted (<see cref="InterruptReason.NodeLost"/>) with what is stored.</summary>
    Close,
}
