/// JSON text laid out in lines. Every token stays as it was sent: names in their order, numbers in
/// their digits, escapes as they were.
///
/// `None` where the text is no JSON.
pub fn indented(json: &[u8]) -> Option<String> {
    const STEP: &str = "  ";
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
    fn what_is_no_json_is_not_laid_out() {
        assert_eq!(indented(b"{\"a\":}"), None);
        assert_eq!(indented(b"name=Ada"), None);
        assert_eq!(indented(b"\"\xff\""), None);
    }
}
