use ratatui::style::{Color, Modifier, Style};

use super::page::Tone;

/// How each tone looks. Only the sixteen colours of the terminal's own palette, and never a
/// background: both dark and light terminals stay readable.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    coloured: bool,
}

impl Theme {
    /// With colours.
    pub const COLOURED: Self = Self { coloured: true };
    /// Without: every colour is the terminal's own, and weight alone tells things apart.
    pub const PLAIN: Self = Self { coloured: false };

    /// How a tone looks.
    pub fn style(self, tone: Tone) -> Style {
        let style = match tone {
            Tone::Plain => Style::new(),
            Tone::Strong => Style::new().add_modifier(Modifier::BOLD),
            // Not a grey: which of them can be read depends on the palette.
            Tone::Dim => Style::new().add_modifier(Modifier::DIM),
            Tone::Good => Style::new().fg(Color::Green),
            Tone::Warn => Style::new().fg(Color::Yellow),
            Tone::Bad => Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            Tone::Accent => Style::new().fg(Color::Cyan),
            Tone::Lit => Style::new().fg(Color::Green).add_modifier(Modifier::BOLD),
            Tone::Found => Style::new()
                .fg(Color::Yellow)
                .add_modifier(Modifier::BOLD | Modifier::UNDERLINED),
            Tone::Here => Style::new()
                .fg(Color::Yellow)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED),
        };
        if self.coloured {
            style
        } else {
            style.fg(Color::Reset).bg(Color::Reset)
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
