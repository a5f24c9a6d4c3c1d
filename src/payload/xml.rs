use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Map;

use super::Refused;
use crate::run::Value;

/// How many elements, texts and comments a document can have.
const MOST_NODES: u32 = 100_000;
/// How deep elements can nest: as deep as JSON.
const DEEPEST: usize = 127;
/// How many attributes an element can have, and how many namespaces a document can declare: the
/// parser compares all of them with each other.
const MOST_ATTRIBUTES: usize = 256;
const MOST_NAMESPACES: usize = 128;

/// Reads an XML document as a value.
///
/// The root element's name is the one key of the value. An element with text alone is that text;
/// any other is an object: its attributes under `@name`, its child elements under their names, in
/// a list where several have the same one, and text beside them under `#text`. Text is trimmed;
/// comments, processing instructions and namespaces are left out. A document type declaration is
/// refused, and with it every entity of its own.
pub(super) fn document(text: &str) -> Result<Value, Refused> {
    let malformed = |what: &str| Refused::malformed(format!("malformed XML: {what}"));
    if text.trim().is_empty() {
        return Err(Refused::malformed("the body is empty"));
    }
    bounded(text).map_err(malformed)?;
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MOST_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options)
        .map_err(|error| malformed(&error.to_string()))?;
    let root = document.root_element();
    let value = element(root, DEEPEST).ok_or_else(|| malformed("it nests too deep"))?;
    Ok(Value::Object(Map::from_iter([(name(root), value)])))
}

/// Counts what the parser would take too long for. What is no tag is passed over as the parser
/// does: text may talk of attributes as long as it likes.
fn bounded(text: &str) -> Result<(), &'static str> {
    const PASSED_OVER: [(&str, &str); 3] = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
    let mut rest = text;
    let mut namespaces = 0;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let passed_over = PASSED_OVER.iter().find(|(open, _)| rest.starts_with(open));
        if let Some((open, close)) = passed_over {
            let inside = &rest[open.len()..];
            let end = inside.find(close).map(|end| end + close.len());
            rest = &inside[end.unwrap_or(inside.len())..];
            continue;
        }
        let tag = Tag::read(&rest[1..]);
        namespaces += tag.namespaces;
        if tag.attributes > MOST_ATTRIBUTES {
            return Err("an element with too many attributes");
        }
        if namespaces > MOST_NAMESPACES {
            return Err("too many namespaces");
        }
        rest = tag.behind;
    }
    Ok(())
}

/// What is counted of a tag.
struct Tag<'t> {
    attributes: usize,
    namespaces: usize,
    behind: &'t str,
}

impl<'t> Tag<'t> {
    /// Reads a tag behind its `<`. Where the parser would disagree, it has stopped before.
    fn read(text: &'t str) -> Self {
        let mut tag = Self {
            attributes: 0,
            namespaces: 0,
            behind: "",
        };
        let mut quote = None;
        for (at, byte) in text.bytes().enumerate() {
            match (quote, byte) {
                (Some(open), byte) if open == byte => quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'=') => {
                    let before = text[..at].trim_end();
                    let name = before
                        .rsplit([' ', '\t', '\r', '\n', '"', '\'', '='])
                        .next();
                    tag.attributes += 1;
                    tag.namespaces +=
                        usize::from(name.is_some_and(|name| name.starts_with("xmlns")));
                }
                (None, b'>') => {
                    tag.behind = &text[at + 1..];
                    break;
                }
                (None, _) => {}
            }
        }
        tag
    }
}

fn name(element: Node<'_, '_>) -> String {
    element.tag_name().name().to_owned()
}

/// `None` where it nests too deep.
fn element(element_node: Node<'_, '_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let mut members = Map::new();
    for attribute in element_node.attributes() {
        members.insert(format!("@{}", attribute.name()), attribute.value().into());
    }
    let mut text = String::new();
    for child in element_node.children() {
        if child.is_text() {
            text.push_str(child.text().unwrap_or_default());
        } else if child.is_element() {
            add(&mut members, name(child), element(child, depth)?);
        }
    }
    let text = text.trim();
    if members.is_empty() {
        return Some(text.into());
    }
    if !text.is_empty() {
        members.insert("#text".to_owned(), text.into());
    }
    Some(Value::Object(members))
}

/// Elements never are lists themselves, so that a list always means repeated elements.
fn add(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn elements_attributes_and_texts_become_one_value() {
        for (text, expected) in [
            ("<a/>", json!({"a": ""})),
            ("<?xml version='1.0'?><a> x </a>", json!({"a": "x"})),
            ("<a b='1'/>", json!({"a": {"@b": "1"}})),
            ("<a b='1'>x</a>", json!({"a": {"@b": "1", "#text": "x"}})),
            ("<a><b>1</b><c/></a>", json!({"a": {"b": "1", "c": ""}})),
            (
                "<a><b>1</b><b>2</b><b/></a>",
                json!({"a": {"b": ["1", "2", ""]}}),
            ),
            ("<a>x<b/>y</a>", json!({"a": {"b": "", "#text": "xy"}})),
            (
                "<a>&lt;&#65;<![CDATA[<b>]]><!-- no --></a>",
                json!({"a": "<A<b>"}),
            ),
            (
                "<s:a xmlns:s='urn:s' s:k='1'><s:b>1</s:b></s:a>",
                json!({"a": {"@k": "1", "b": "1"}}),
            ),
        ] {
            assert_eq!(document(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_document_or_declares_a_type_is_refused() {
        for text in [
            "",
            " ",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a b='1' b='2'/>",
            "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
            "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
            "<a>&e;</a>",
        ] {
            assert_eq!(document(text).unwrap_err().status, 400, "{text}");
        }
    }

    #[test]
    fn depth_and_the_work_of_the_parser_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
        assert!(document(&nested(DEEPEST)).is_ok());
        assert!(document(&nested(DEEPEST + 1)).is_err());
        assert!(document(&nested(100_000)).is_err());
        assert!(document(&"<a>".repeat(300_000)).is_err());
        let attributes = |count: usize| {
            let all: String = (0..count).map(|i| format!("a{i} = '>' ")).collect();
            format!("<a {all}/>")
        };
        assert!(document(&attributes(MOST_ATTRIBUTES)).is_ok());
        assert!(document(&attributes(100_000)).is_err());
        let spaces: String = (0..20_000)
            .map(|i| format!("<a xmlns:n{i}='urn:{i}'>"))
            .collect();
        assert!(document(&spaces).is_err());
    }

    #[test]
    fn only_tags_are_bounded_and_not_what_text_says_of_them() {
        let html = "&lt;a href=\"x\" xmlns=\"y\"&gt; ".repeat(400);
        let tags = "<a href=\"x\" xmlns:b='y'> ".repeat(400);
        for (text, expected) in [
            (format!("<d>{html}</d>"), html.clone()),
            (format!("<d><![CDATA[{tags}]]></d>"), tags.clone()),
            (format!("<d><!--{tags}-->x</d>"), "x".to_owned()),
            (format!("<d><?php {tags}?>x</d>"), "x".to_owned()),
        ] {
            let expected = expected.replace("&lt;", "<").replace("&gt;", ">");
            assert_eq!(document(&text), Ok(json!({"d": expected.trim()})), "{text}");
        }
        let value = "a=1 xmlns:b=2 > ".repeat(400);
        assert_eq!(
            document(&format!("<d e=\"{value}\"/>")),
            Ok(json!({"d": {"@e": value}}))
        );
        let hidden: String = (0..100_000).map(|i| format!("a{i}='\"' ")).collect();
        assert_eq!(
            document(&format!("<d {hidden}/>")).unwrap_err().message,
            "malformed XML: an element with too many attributes"
        );
    }
}
