using MudBlazor;

namespace ActorAgents.Pages;

/// <summary>The colours, fonts and shapes of all pages.</summary>
internal static class PageTheme
{
    // The fonts of the reader's own system: nothing is loaded for them.
    private static readonly string[] Font = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "Ubuntu", "Cantarell", "Helvetica Neue", "Arial", "sans-serif"];

    public static readonly MudTheme Value = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#3d5a80", Secondary = "#6b7a8f", Background = "#fbfaf8", Surface = "#ffffff", DrawerBackground = "#f4f2ee", DrawerText = "#2b2f36",
            AppbarBackground = "#fbfaf8", AppbarText = "#2b2f36", TextPrimary = "#2b2f36", TextSecondary = "#5d6470", ActionDefault = "#5d6470",
            LinesDefault = "#e6e2da", Divider = "#e6e2da", Success = "#2f7d5b", Error = "#b3403a", Warning = "#96660c", Info = "#3d5a80",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#9dbbe0", Secondary = "#9aa4b2", Background = "#16181c", Surface = "#1e2126", DrawerBackground = "#1a1c21", DrawerText = "#dfe2e7",
            AppbarBackground = "#16181c", AppbarText = "#dfe2e7", TextPrimary = "#dfe2e7", TextSecondary = "#9aa1ad", ActionDefault = "#9aa1ad",
            PrimaryContrastText = "#16181c",
            LinesDefault = "#2d3138", Divider = "#2d3138", Success = "#7cc6a2", Error = "#ee8f88", Warning = "#dfb667", Info = "#9dbbe0",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "10px", DrawerWidthLeft = "272px", AppbarHeight = "56px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Font, FontSize = "1rem", LineHeight = "1.6", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Font, TextTransform = "none", LetterSpacing = "normal" },
        },
    };
}
