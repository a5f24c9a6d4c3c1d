use super::{Refused, content::Content, json, query::form, xml};
use crate::{
    model::{Format, Parse},
    run::{Request, Value},
};

/// What was read of a body.
pub(super) enum Body {
    /// Nothing: the flow does not look.
    Unread,
    /// The values at the plain paths, by their index.
    Found(Vec<Option<Value>>),
    /// All of it.
    Document(Value),
}

/// Reads a body as what its `Content-Type` says.
pub(super) fn read(parse: &Parse, accept: &[Format], request: &Request) -> Result<Body, Refused> {
    let bytes = &*request.body;
    let content = Content::of(&request.headers, accept)?;
    if content == Content::Json && !parse.needs_document {
        return json::find(bytes, &parse.body_paths).map(Body::Found);
    }
    whole(content, bytes).map(Body::Document)
}

/// A request's whole body as a value, in whichever format it says it is.
///
/// # Errors
/// The format is unknown (415), or the body malformed (400).
pub fn document(request: &Request) -> Result<Value, Refused> {
    let content = Content::of(&request.headers, &[Format::Form, Format::Text, Format::Xml])?;
    whole(content, &request.body)
}

fn whole(content: Content, bytes: &[u8]) -> Result<Value, Refused> {
    let format = match content {
        Content::Json => return json::document(bytes),
        Content::Other(format) => format,
    };
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Refused::malformed(format!(
            "the body is not UTF-8 at byte {}",
            error.valid_up_to() + 1
        ))
    })?;
    match format {
        Format::Form => form(text),
        Format::Text => Ok(Value::String(text.to_owned())),
        Format::Xml => xml::document(text),
    }
}
