namespace ActorAgents.Host.Providers.Embedded;

/// <summary>What stories are made of. Every middle can follow every other.</summary>
internal static class StoryPieces
{
    public static IReadOnlyList<string> Heroes { get; } =
        ["the lamp keeper", "the young cartographer", "the baker", "the retired ferryman", "the clockmaker's apprentice", "the night librarian", "the bell founder"];

    public static IReadOnlyList<string> Places { get; } =
        ["the harbour town", "the village under the dam", "the island without trees", "the last station of the railway", "the city of bridges", "the valley of mills"];

    public static IReadOnlyList<string> Things { get; } =
        ["a letter without an address", "a door that stood in a field", "a clock that ran ahead", "a map with one road too many", "a bell nobody had heard", "a boat made of paper"];

    public static IReadOnlyList<string> Openings { get; } =
    [
        "In {place}, where the wind told the hours more reliably than the tower did, there was one person who listened to it: {hero}. One evening the wind said nothing at all. That was how the story of {thing} began.",
        "People in {place} used to say that nothing ever happened there, and they said it with pride. Then, on a morning no different from the others, {hero} came down the stairs, opened the shutters, and heard of {thing}.",
        "Everybody has one story that they tell only once. This is the one that {hero} told, late, in {place}, with the lamp turned low and the rain on the roof. It was about {thing}, and it began with a mistake.",
    ];

    public static IReadOnlyList<string> Middles { get; } =
    [
        "At first there was only a question. {hero} asked the neighbours, and each of them knew a little and was sure of more. By noon there were seven accounts of {thing}, no two alike, and the only point on which all seven agreed was that somebody else ought to look into it.",
        "So a bag was packed: bread, a coil of rope, a pencil, and a notebook with most of its pages still white. The road out of {place} went up between stone walls, and for an hour there was nothing to hear but steps and breath. It is easier to think, {hero} found, when the feet are busy.",
        "The first night was cold. Somewhere below, a dog gave its opinion of the moon. {hero} wrote three lines into the notebook, crossed out two, and kept the third: what is lost is mostly where nobody thought of putting it. In the morning the sentence seemed less clever, but it was still true.",
        "Then came the part that is usually left out: the waiting. Two days the river was too high to cross. {hero} mended a net for a stranger, learned four songs, and forgot three of them. On the third day the water fell, and a row of stones appeared, as if they had been waiting as well.",
        "On the far side stood a house, and in the house lived a woman who repaired things. She did not ask what was broken. She put the kettle on, cleared a corner of the bench, and said that {thing} was not a riddle at all, only a thing that had been looked at from the wrong end.",
        "That was hard to hear after so long a way. {hero} turned the thought over and over, as one turns a stone to find the side that lies flat. And slowly, not all at once, the pieces moved: the seven accounts, the crossed-out lines, the river that fell when nobody pushed it.",
        "There was an argument, too. A man on the road wanted to buy the notebook, first for little and then for much, and when he was refused he said what people say. {hero} listened to the end, wished him a good journey, and walked on a little faster, with the notebook under the coat.",
        "The way back was shorter, as ways back are. In the evening the lights of {place} came on one after the other, and it was possible to tell from the order who was home and who was late. {hero} counted them twice. There was one light more than there ought to be.",
    ];

    public static IReadOnlyList<string> Endings { get; } =
    [
        "What became of {thing}? It is still there, and people in {place} pass it every day. They say that nothing ever happens, and they say it with pride. Only {hero} smiles a little, and keeps one page of the notebook white, in case it begins again.",
        "In the end there was nothing to carry home but the story, and that weighed little. {hero} told it once, in {place}, late, with the lamp turned low. Nobody spoke for a while. Then somebody put another log on the fire and said: now tell us how it really was.",
        "The next morning the wind was back and told the hours as before. {hero} opened the shutters, looked at {place} for a long time, and decided that {thing} had been worth the walk. It was going to be a clear day.",
    ];
}
