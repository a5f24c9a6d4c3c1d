use http::{HeaderMap, HeaderValue, header::CONTENT_TYPE};

use super::Refused;
use crate::model::Format;

/// What a body is read as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Content {
    Json,
    Other(Format),
}

impl Content {
    /// What the `Content-Type` says, and JSON where there is none: senders that leave it out send
    /// JSON. Any other is refused unless the flow takes it.
    pub fn of(headers: &HeaderMap, accept: &[Format]) -> Result<Self, Refused> {
        let Some(value) = headers.get(CONTENT_TYPE) else {
            return Ok(Self::Json);
        };
        let refused = || Refused::unsupported(wanted(accept));
        let text = value.to_str().map_err(|_| refused())?;
        let (essence, parameters) = split(text);
        if is_json_type(essence) {
            return Ok(Self::Json);
        }
        // `text/xml` is XML where the flow takes XML, else text.
        let format = [Format::Form, Format::Xml, Format::Text]
            .into_iter()
            .find(|&format| accept.contains(&format) && is_of(essence, format))
            .ok_or_else(refused)?;
        match charset(parameters) {
            Some(charset) if !is_utf8(charset) => {
                Err(Refused::unsupported("the body must be UTF-8"))
            }
            _ => Ok(Self::Other(format)),
        }
    }
}

/// Whether a `Content-Type` says that the body is JSON.
pub fn is_json(content_type: &HeaderValue) -> bool {
    let essence = |text: &str| is_json_type(split(text).0);
    content_type.to_str().is_ok_and(essence)
}

/// What a `Content-Type` says, and its parameters.
fn split(text: &str) -> (&str, &str) {
    let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
    (essence.trim(), parameters)
}

/// RFC 8259 and RFC 6839: `application/json` and what ends with `+json`.
fn is_json_type(essence: &str) -> bool {
    essence.eq_ignore_ascii_case("application/json") || has_suffix(essence, "+json")
}

fn is_of(essence: &str, format: Format) -> bool {
    match format {
        Format::Form => essence.eq_ignore_ascii_case("application/x-www-form-urlencoded"),
        Format::Xml => {
            essence.eq_ignore_ascii_case("application/xml")
                || essence.eq_ignore_ascii_case("text/xml")
                || has_suffix(essence, "+xml")
        }
        Format::Text => essence
            .get(..5)
            .is_some_and(|start| start.eq_ignore_ascii_case("text/")),
    }
}

fn has_suffix(essence: &str, suffix: &str) -> bool {
    let Some(start) = essence.len().checked_sub(suffix.len()) else {
        return false;
    };
    start > 0
        && essence.contains('/')
        && essence
            .get(start..)
            .is_some_and(|end| end.eq_ignore_ascii_case(suffix))
}

fn charset(parameters: &str) -> Option<&str> {
    parameters.split(';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"'))
    })
}

fn is_utf8(charset: &str) -> bool {
    ["utf-8", "utf8", "us-ascii"]
        .iter()
        .any(|known| known.eq_ignore_ascii_case(charset))
}

fn wanted(accept: &[Format]) -> String {
    let mut message = String::from("the body must be JSON (application/json)");
    for format in accept {
        message.push_str(match format {
            Format::Form => " or a form (application/x-www-form-urlencoded)",
            Format::Text => " or text (text/plain)",
            Format::Xml => " or XML (application/xml)",
        });
    }
    message
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(content_type: &str, accept: &[Format]) -> Option<Content> {
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_str(content_type).unwrap());
        Content::of(&headers, accept).ok()
    }

    #[test]
    fn json_is_taken_under_all_its_names_and_where_none_is_given() {
        for name in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/cloudevents+json",
            "application/json;",
        ] {
            assert_eq!(of(name, &[]), Some(Content::Json), "{name}");
        }
        assert_eq!(Content::of(&HeaderMap::new(), &[]), Ok(Content::Json));
    }

    #[test]
    fn others_are_taken_only_where_the_flow_accepts_them() {
        for (name, format) in [
            ("application/x-www-form-urlencoded", Format::Form),
            ("text/csv", Format::Text),
            ("text/xml", Format::Text),
            ("text/xml", Format::Xml),
            ("application/atom+xml; charset=\"UTF-8\"", Format::Xml),
        ] {
            assert_eq!(of(name, &[format]), Some(Content::Other(format)), "{name}");
            assert_eq!(of(name, &[]), None, "{name}");
        }
        assert_eq!(
            of("text/xml", &Format::ALL),
            Some(Content::Other(Format::Xml))
        );
        for name in [
            "",
            "+json",
            "json",
            "application/jsonx",
            "multipart/form-data",
            "text",
        ] {
            assert_eq!(of(name, &Format::ALL), None, "{name}");
        }
        assert_eq!(of("text/plain; charset=latin1", &[Format::Text]), None);
    }
}
