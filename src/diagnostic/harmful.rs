/// Whether a terminal or a reader could be misled by a character: it moves a cursor, ends a line,
/// turns the direction of writing, or shows nothing.
///
/// The [joiners](is_joiner) are not among them: what a sender writes is shown with the emoji and the
/// scripts that need them.
pub fn is_harmful(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Marks, embeddings, overrides and isolates that turn the direction of writing.
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
            // Line and paragraph separators.
            | '\u{2028}' | '\u{2029}'
            // Characters that show nothing; isolates are among those of the second range.
            | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Whether a character joins others, or keeps them apart, and shows nothing by itself. In a
/// configuration it makes two names look the same.
pub fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}
