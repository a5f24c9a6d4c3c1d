use std::borrow::Cow;

/// The beginning of a text that is longer than so many characters, and a sign that there is more.
pub fn shortened(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_ends_between_two_characters_with_a_sign() {
        assert_eq!(shortened("été", 3), "été");
        assert_eq!(shortened("été!", 3), "été…");
        assert_eq!(shortened("", 0), "");
    }
}
