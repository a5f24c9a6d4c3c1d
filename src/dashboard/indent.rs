/// JSON text laid out in lines. Every token stays as it was sent: names in their order, numbers in
/// their digits, escapes as they were.
///
/// `None` where the text is no JSON, or would be as long as nobody reads: it may be one that is
/// indented by a hundred columns for each of its numbers.
pub fn indented(json: &[u8]) -> Option<String> {
    const STEP: &str = "  ";
    /// What any text of 64 KiB comes to is shorter, as deep as the parser goes.
    const LONGEST: usize = 17 << 20;
    // It is JSON from here on, no deeper than the parser goes.
    serde_json::from_slice::<serde_json::Value>(json).ok()?;
    let text = std::str::from_utf8(json).ok()?;
    let mut out = String::with_capacity(text.len() * 2);
    let mut depth = 0_usize;
    let break_line = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(STEP, depth));
    };
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if out.len() > LONGEST {
            return None;
        }
        match c {
            '"' => {
                let mut is_escaped = false;
                let end = chars.find(|(_, c)| {
                    let is_end = *c == '"' && !is_escaped;
                    is_escaped = *c == '\\' && !is_escaped;
                    is_end
                })?;
                out.push_str(&text[at..=end.0]);
            }
            '{' | '[' => {
                out.push(c);
                while chars.next_if(|(_, c)| c.is_ascii_whitespace()).is_some() {}
                match chars.next_if(|(_, c)| matches!(c, '}' | ']')) {
                    Some((_, close)) => out.push(close),
                    None => {
                        depth += 1;
                        break_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            c if c.is_ascii_whitespace() => {}
            c => out.push(c),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_stay_as_they_are_and_in_their_order() {
        let json = r#" {"b":1.50,"a" : [ ] , "c":{ },"d":[1e3,"x, {\"y\\" ,{"é":null}],"b":2}"#;
        assert_eq!(
            indented(json.as_bytes()).as_deref(),
            Some(
                r#"{
  "b": 1.50,
  "a": [],
  "c": {},
  "d": [
    1e3,
    "x, {\"y\\",
    {
      "é": null
    }
  ],
  "b": 2
}"#
            )
        );
        assert_eq!(indented(b" \"a\" ").as_deref(), Some("\"a\""));
    }

    #[test]
    fn what_is_no_json_or_far_too_long_is_not_laid_out() {
        let nested = |length: usize| {
            let numbers = vec!["1"; length / 2].join(",");
            format!("{}{numbers}{}", "[".repeat(126), "]".repeat(126))
        };
        let is_laid_out = |length| indented(nested(length).as_bytes()).is_some();
        assert_eq!([64 << 10, 1 << 20].map(is_laid_out), [true, false]);
        assert_eq!(indented(b"{\"a\":}"), None);
        assert_eq!(indented(b"name=Ada"), None);
        assert_eq!(indented(b"\"\xff\""), None);
    }
}
