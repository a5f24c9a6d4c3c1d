//! JSON with templates in it.

use std::fmt;

use serde_json::Value;

use super::limits::MAX_OUTPUT;
use super::{Context, RenderError, Template};

/// JSON with templates in it; the checker builds this tree.
#[derive(Clone, PartialEq, Debug)]
pub enum JsonTemplate {
    /// A value that is meant as it stands.
    Constant(Value),
    /// Text. Exactly one placeholder keeps the type of its value.
    Text(Template),
    /// A list.
    List(Vec<JsonTemplate>),
    /// An object; its members keep their order.
    Object(Vec<(String, JsonTemplate)>),
}

/// A [`JsonTemplate`], compiled: runs of constant bytes and the placeholders between them.
#[derive(Clone, Debug)]
pub struct JsonRenderer {
    parts: Box<[Part]>,
}

#[derive(Clone, Debug)]
enum Part {
    Constant(Box<str>),
    /// Text with placeholders, written as a string.
    Text(Template),
    /// A single placeholder, written as the value it gives.
    Value(Template),
}

impl JsonTemplate {
    /// The value it gives; a placeholder of something absent gives null.
    ///
    /// # Errors
    /// Where a template fails.
    pub fn value(&self, context: &dyn Context) -> Result<Value, RenderError> {
        Ok(match self {
            Self::Constant(value) => value.clone(),
            Self::Text(template) => template.value(context)?.unwrap_or_default(),
            Self::List(items) => Value::Array(
                items
                    .iter()
                    .map(|item| item.value(context))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|(name, member)| Ok((name.clone(), member.value(context)?)))
                    .collect::<Result<_, RenderError>>()?,
            ),
        })
    }
}

impl JsonRenderer {
    /// Compiles a tree.
    pub fn compile(template: &JsonTemplate) -> JsonRenderer {
        let mut compiler = Compiler {
            parts: Vec::new(),
            run: String::new(),
        };
        compiler.add(template);
        compiler.end_run();
        JsonRenderer {
            parts: compiler.parts.into(),
        }
    }

    /// The JSON it always gives, where it has no placeholders.
    pub fn as_constant(&self) -> Option<&str> {
        match self.parts.as_ref() {
            [Part::Constant(text)] => Some(text),
            _ => None,
        }
    }

    /// The templates in it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        self.parts.iter().filter_map(|part| match part {
            Part::Constant(_) => None,
            Part::Text(template) | Part::Value(template) => Some(template),
        })
    }

    /// Appends the JSON it gives to `out`.
    ///
    /// # Errors
    /// Where a template fails or the JSON is over [`MAX_OUTPUT`]; `out` is then as before.
    pub fn render_into(&self, context: &dyn Context, out: &mut Vec<u8>) -> Result<(), RenderError> {
        let before = out.len();
        let result = self.parts.iter().try_for_each(|part| {
            part.render_into(context, out)?;
            if out.len() - before > MAX_OUTPUT {
                return Err(RenderError::too_long());
            }
            Ok(())
        });
        if result.is_err() {
            out.truncate(before);
        }
        result
    }
}

impl Part {
    fn render_into(&self, context: &dyn Context, out: &mut Vec<u8>) -> Result<(), RenderError> {
        match self {
            Part::Constant(text) => out.extend_from_slice(text.as_bytes()),
            Part::Text(template) => {
                out.push(b'"');
                template.write_to(context, &mut Escaped(out))?;
                out.push(b'"');
            }
            Part::Value(template) => match template.plain_value(context) {
                Some(value) => write_json(value.as_deref().unwrap_or(&Value::Null), out),
                None => write_json(&template.value(context)?.unwrap_or_default(), out),
            },
        }
        Ok(())
    }
}

fn write_json(value: &Value, out: &mut Vec<u8>) {
    // a `Value` has only text for keys, and a Vec takes all bytes
    let _ = serde_json::to_writer(out, value);
}

/// Escapes what is written, as the inside of a JSON string (RFC 8259, section 7).
struct Escaped<'o>(&'o mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        const HEX: &[u8; 16] = b"0123456789abcdef";
        let bytes = text.as_bytes();
        let mut plain = 0;
        for (at, &byte) in bytes.iter().enumerate() {
            let short = match byte {
                b'"' | b'\\' => byte,
                b'\n' => b'n',
                b'\r' => b'r',
                b'\t' => b't',
                0x08 => b'b',
                0x0c => b'f',
                0..0x20 => b'u',
                _ => continue,
            };
            self.0.extend_from_slice(&bytes[plain..at]);
            self.0.extend_from_slice(&[b'\\', short]);
            if short == b'u' {
                let (high, low) = (byte >> 4, byte & 15);
                let digits = [b'0', b'0', HEX[usize::from(high)], HEX[usize::from(low)]];
                self.0.extend_from_slice(&digits);
            }
            plain = at + 1;
        }
        self.0.extend_from_slice(&bytes[plain..]);
        Ok(())
    }
}

struct Compiler {
    parts: Vec<Part>,
    run: String,
}

impl Compiler {
    fn add(&mut self, template: &JsonTemplate) {
        match template {
            JsonTemplate::Constant(value) => self.run.push_str(&value.to_string()),
            JsonTemplate::Text(template) => match template.as_constant() {
                Some(text) => self.run.push_str(&Value::from(text).to_string()),
                None if template.placeholder() => self.push(Part::Value(template.clone())),
                None => self.push(Part::Text(template.clone())),
            },
            JsonTemplate::List(items) => {
                self.run.push('[');
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        self.run.push(',');
                    }
                    self.add(item);
                }
                self.run.push(']');
            }
            JsonTemplate::Object(members) => {
                self.run.push('{');
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 {
                        self.run.push(',');
                    }
                    self.run.push_str(&Value::from(key.as_str()).to_string());
                    self.run.push(':');
                    self.add(value);
                }
                self.run.push('}');
            }
        }
    }

    fn push(&mut self, part: Part) {
        self.end_run();
        self.parts.push(part);
    }

    fn end_run(&mut self) {
        if !self.run.is_empty() {
            self.parts
                .push(Part::Constant(std::mem::take(&mut self.run).into()));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::super::test_support::Names;
    use super::super::{Lenience, Template};
    use super::*;

    fn text(text: &str, names: &Names) -> JsonTemplate {
        JsonTemplate::Text(Template::parse(text, names, Lenience::Lenient).unwrap())
    }

    fn render(template: &JsonTemplate, names: &Names) -> Result<String, RenderError> {
        let mut out = b"before ".to_vec();
        let result = JsonRenderer::compile(template).render_into(names, &mut out);
        let out = String::from_utf8(out).unwrap();
        result.map(|()| out.strip_prefix("before ").unwrap().to_owned())
    }

    #[test]
    fn placeholders_keep_their_type_and_text_is_escaped() {
        let names = Names::new(json!({
            "amount": 150, "order": {"id": "A\"1"}, "nothing": null, "quote": "a\"b\\c\n\u{1}é",
        }));
        let template = JsonTemplate::Object(vec![
            ("ok".into(), JsonTemplate::Constant(json!(true))),
            ("amount".into(), text("{{ amount }}", &names)),
            ("as text".into(), text("{{ amount | string }}", &names)),
            (
                "list".into(),
                JsonTemplate::List(vec![
                    text("{{ nothing }}", &names),
                    text("no {{ nothing }}thing", &names),
                    text("{{ amount + 1 }}", &names),
                    text("{% if amount > 3 %}{{ quote }}{% endif %}", &names),
                ]),
            ),
            ("order".into(), text("{{ order }}", &names)),
            ("quo\"te".into(), text("> {{ quote }} {{ order }}", &names)),
            ("plain".into(), text("a \"quoted\" text", &names)),
            ("empty".into(), JsonTemplate::List(Vec::new())),
        ]);
        let rendered = render(&template, &names).unwrap();
        let expected = json!({
            "ok": true, "amount": 150, "as text": "150",
            "list": [null, "no thing", 151, "a\"b\\c\n\u{1}é"],
            "order": {"id": "A\"1"},
            "quo\"te": "> a\"b\\c\n\u{1}é {\"id\":\"A\\\"1\"}",
            "plain": "a \"quoted\" text", "empty": [],
        });
        assert_eq!(serde_json::from_str::<Value>(&rendered).unwrap(), expected);
        assert!(rendered.starts_with(r#"{"ok":true,"amount":150,"as text":"150","list":["#));
    }

    #[test]
    fn json_without_placeholders_is_constant() {
        let names = Names::new(json!({}));
        let constant = JsonTemplate::Object(vec![("a".into(), text("b", &names))]);
        assert_eq!(
            JsonRenderer::compile(&constant).as_constant(),
            Some(r#"{"a":"b"}"#)
        );
        let names = Names::new(json!({"b": 1}));
        let other = JsonTemplate::List(vec![text("{{ b }}", &names)]);
        assert_eq!(JsonRenderer::compile(&other).as_constant(), None);
    }

    #[test]
    fn what_fails_or_is_too_long_leaves_nothing_behind() {
        let names = Names::new(json!({"word": "abc", "long": "x".repeat(5 << 20)}));
        let failing = JsonTemplate::List(vec![
            text("{{ word }}", &names),
            text("{{ word | int }}", &names),
        ]);
        let mut out = b"before".to_vec();
        assert!(
            JsonRenderer::compile(&failing)
                .render_into(&names, &mut out)
                .is_err()
        );
        let long = JsonTemplate::List(vec![
            text("{{ long }}", &names),
            text("x{{ long }}", &names),
        ]);
        assert_eq!(
            JsonRenderer::compile(&long).render_into(&names, &mut out),
            Err(RenderError::too_long())
        );
        assert_eq!(out, b"before");
    }

    proptest! {
        #[test]
        fn any_text_is_escaped_as_serde_json_does(value in any::<String>()) {
            let mut out = vec![b'"'];
            fmt::Write::write_str(&mut Escaped(&mut out), &value).unwrap();
            out.push(b'"');
            prop_assert_eq!(String::from_utf8(out).unwrap(), serde_json::to_string(&value).unwrap());
        }
    }
}
