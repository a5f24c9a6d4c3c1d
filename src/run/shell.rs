/// A text as one word of a POSIX shell.
pub fn shell_word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_~".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_shell_would_read_into_is_quoted() {
        for (text, word) in [
            ("https://x.example/a-b_c.d", "https://x.example/a-b_c.d"),
            ("", "''"),
            ("a b", "'a b'"),
            ("$(rm -rf ~)`x`\\\n!", "'$(rm -rf ~)`x`\\\n!'"),
            ("it's", r"'it'\''s'"),
            ("größe", "'größe'"),
        ] {
            assert_eq!(shell_word(text), word);
        }
    }
}
