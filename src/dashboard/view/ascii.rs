use ratatui::buffer::Buffer;

/// Puts ASCII in the place of everything that is drawn and is not, for terminals and fonts that
/// have nothing else. What was sent in another script becomes `?`, once for each character.
pub(super) fn replace(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let ascii = cell.symbol().chars().next().map_or(' ', stand_in);
            cell.set_char(ascii);
        }
    }
}

fn stand_in(glyph: char) -> char {
    match glyph {
        '─' | '—' | '–' => '-',
        '│' | '▏' | '‖' => '|',
        '└' | '├' | '┌' | '┐' | '┘' | '┤' | '┬' | '┴' | '┼' => '+',
        '▸' | '→' | '›' | '»' => '>',
        '▾' => 'v',
        '←' => '<',
        '↓' => 'v',
        '↑' => '^',
        '✓' => '+',
        '✗' | '⊗' => 'x',
        '⊘' => '!',
        '†' => 'X',
        '◷' => 't',
        '…' => '~',
        '·' => '.',
        '●' | '◐' | '★' | '◆' => '*',
        '○' | '◇' => 'o',
        '“' | '”' => '"',
        'µ' => 'u',
        '▁' | '▂' => '_',
        '▃' | '▄' | '▅' => '=',
        '▆' | '▇' | '█' => '#',
        _ => '?',
    }
}
