use ratatui::style::{Color, Modifier, Style};

use super::page::Tone;

/// How the dashboard looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Theme {
    /// Its colours.
    pub palette: Palette,
    /// Whether it draws with ASCII alone.
    pub ascii: bool,
}

/// Which colours there are. None of them has a background: whatever the terminal's is, it stays.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Palette {
    /// The sixteen colours that the terminal's own palette has: dark and light terminals stay
    /// readable.
    #[default]
    Terminal,
    /// For dark terminals of 256 colours.
    Dark,
    /// For light terminals of 256 colours.
    Light,
    /// Every colour is the terminal's own, and weight alone tells things apart.
    Plain,
}

/// The colours of one palette.
struct Colours {
    good: Color,
    warn: Color,
    bad: Color,
    accent: Color,
}

impl Palette {
    fn colours(self) -> Colours {
        let [good, warn, bad, accent] = match self {
            Self::Terminal => [Color::Green, Color::Yellow, Color::Red, Color::Cyan],
            Self::Dark => [114, 221, 203, 80].map(Color::Indexed),
            Self::Light => [28, 130, 160, 25].map(Color::Indexed),
            Self::Plain => [Color::Reset; 4],
        };
        Colours {
            good,
            warn,
            bad,
            accent,
        }
    }
}

impl Theme {
    /// How a tone looks.
    pub fn style(self, tone: Tone) -> Style {
        let colours = self.palette.colours();
        let style = match tone {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
            // Not a grey: which of them can be read depends on the palette.
            Tone::Dim => Style::new().add_modifier(Modifier::DIM),
            Tone::Good => Style::new().fg(colours.good),
            Tone::Warn => Style::new().fg(colours.warn),
            Tone::Bad => Style::new().fg(colours.bad).add_modifier(Modifier::BOLD),
            Tone::Accent => Style::new().fg(colours.accent),
            Tone::Lit => Style::new().fg(colours.good).add_modifier(Modifier::BOLD),
        };
        if self.palette == Palette::Plain {
            style.fg(Color::Reset).bg(Color::Reset)
        } else {
            style
        }
    }

    /// How the selected row looks. The glyph in front of it shows it as well.
    pub fn selected(self, focused: bool) -> Style {
        let style = Style::new().add_modifier(Modifier::BOLD);
        if focused {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        }
    }

    /// How the banner looks.
    pub fn banner(self) -> Style {
        self.style(Tone::Bad).add_modifier(Modifier::REVERSED)
    }
}
