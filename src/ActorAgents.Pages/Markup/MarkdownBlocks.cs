using System.Text;
using Microsoft.AspNetCore.Components;

namespace ActorAgents.Pages;

/// <summary>
/// Markdown that grows. It is cut where a blank line ends a block and what follows can only begin a new one; blocks that ended are rendered once, so
/// that the next frame of a long answer costs as much as that of a short one. A reference to a link defined in another block stays text.
/// </summary>
internal sealed class MarkdownBlocks
{
    private readonly List<MarkupString> _settled = [];
    private readonly StringBuilder _tail = new();
    private int _line;
    private bool _afterBlank;
    private bool _isList;
    private (char Mark, int Length) _fence;
    private MarkupString? _rendered;

    public IReadOnlyList<MarkupString> Settled => _settled;
    public int TailLength => _tail.Length;

    /// <summary>What may still change. Rendered when asked for, once for each change.</summary>
    public MarkupString Tail => _rendered ??= SafeMarkdown.Render(_tail.ToString());

    public void Append(string text)
    {
        _rendered = null;
        var searched = _tail.Length;
        _tail.Append(text);
        if (!text.Contains('\n')) return;
        for (var end = searched; end < _tail.Length; end++)
        {
            if (_tail[end] != '\n') continue;
            var line = _tail.ToString(_line, end - _line);
            var cut = Read(line) ? Settle() : 0;
            end -= cut;
            _line = end + 1;
        }
    }

    /// <summary>Takes in the next line. True when a block ended before it.</summary>
    private bool Read(string line)
    {
        var trimmed = line.AsSpan().Trim();
        var fence = FenceOf(trimmed);
        if (_fence.Length > 0)
        {
            if (fence.Mark == _fence.Mark && fence.Length >= _fence.Length && fence.Length == trimmed.Length) _fence = default;
            return false;
        }
        var afterBlank = _afterBlank;
        _afterBlank = trimmed.IsEmpty;
        if (trimmed.IsEmpty) return false;
        if (fence.Length > 0) _fence = fence;
        var item = IsListItem(trimmed);
        if (_line == 0) _isList = item;
        if (!afterBlank || char.IsWhiteSpace(line[0]) || (item && _isList)) return false;
        _isList = item;
        return _line > 0;
    }

    /// <summary>Ends the block before the line that was read last.</summary>
    private int Settle()
    {
        var length = _line;
        _settled.Add(SafeMarkdown.Render(_tail.ToString(0, length)));
        _tail.Remove(0, length);
        return length;
    }

    private static (char Mark, int Length) FenceOf(ReadOnlySpan<char> line)
    {
        if (line.IsEmpty || line[0] is not ('`' or '~')) return default;
        var mark = line[0];
        var length = line.IndexOfAnyExcept(mark) is var end and >= 0 ? end : line.Length;
        return length >= 3 && !(mark == '`' && line[length..].Contains('`')) ? (mark, length) : default;
    }

    private static bool IsListItem(ReadOnlySpan<char> line)
    {
        var digits = line.IndexOfAnyExceptInRange('0', '9');
        if (digits > 0) return digits + 1 < line.Length && line[digits] is '.' or ')' && line[digits + 1] == ' ';
        return line.Length > 1 && line[0] is '-' or '*' or '+' && line[1] == ' ';
    }
}
