namespace ActorAgents;

/// <summary>Names one turn. Idempotency rests on it: the same id is never run twice by one agent while the turn runs or its log is kept.</summary>
public readonly record struct TurnId
{
    /// <param name="value">1 to 64 of <c>[A-Za-z0-9_-]</c>.</param>
    /// <exception cref="ArgumentException">The value does not have that form.</exception>
    public TurnId(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is 0 or > 64 || !value.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
            throw new ArgumentException($"'{value}' is not a turn id: use 1 to 64 letters, digits, '_' or '-'.", nameof(value));
        Value = value;
    }

    public string Value { get; private init; }

    /// <summary>A version-7 Guid: sortable by the time it was made.</summary>
    public static TurnId New() => new() { Value = Guid.CreateVersion7().ToString("N") };

    public override string ToString() => Value ?? "";
}
