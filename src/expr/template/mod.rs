//! Templates: text with placeholders.
//!
//! Most are constant, or a few plain placeholders between constant parts; those are rendered
//! here. Anything else is a Jinja template, rendered by minijinja within limits.

mod convert;
mod jinja;
mod joints;
mod parts;
mod prescan;
mod statements;

#[cfg(test)]
mod tests;

use std::fmt::Write;

use minijinja::machinery::{Token, ast::Stmt};
use serde_json::Value;

pub(super) use jinja::TEMPLATE_FILTERS;
pub(super) use prescan::{STATEMENTS, prescan};

use super::analysis::{Analysis, Place};
use super::error::ExprError;
use super::limits::MAX_OUTPUT;
use super::span::bytes;
use super::{Context, Root, Scope, Segment, syntax};
use jinja::JinjaTemplate;
use parts::Part;

/// What stands in an outline for what is not known before a run. No text has it by accident.
pub const BLANK: char = '\u{1}';

/// What a template makes of a value that is absent.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Lenience {
    /// It reads as null or empty text: in `respond` and `log`.
    Lenient,
    /// An unguarded use of a name that may be absent is an error of the text: anywhere else.
    Strict,
}

/// Text with placeholders (`{{ name }}`) and statements (`{% if name %}`) in it.
#[derive(Clone, Debug)]
pub struct Template {
    text: Box<str>,
    body: Body,
    roots: Box<[(Root, Vec<Segment>)]>,
    placeholder: bool,
}

/// Two templates are equal where they are written alike and read the same, and where both or
/// neither are meant literally.
impl PartialEq for Template {
    fn eq(&self, other: &Template) -> bool {
        self.text == other.text
            && self.roots == other.roots
            && self.as_constant() == other.as_constant()
    }
}

impl Eq for Template {}

#[derive(Clone, Debug)]
enum Body {
    Constant,
    Segments(Box<[Part]>),
    Jinja(Box<JinjaTemplate>),
}

/// Why a template gave no text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RenderError {
    /// What went wrong.
    pub message: String,
}

impl std::fmt::Display for RenderError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for RenderError {}

impl RenderError {
    pub(super) fn too_long() -> RenderError {
        RenderError {
            message: format!("the text is over {} MiB", MAX_OUTPUT >> 20),
        }
    }
}

/// Takes text up to the limit.
struct Within<'o> {
    left: usize,
    out: &'o mut String,
}

impl Write for Within<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.left = self.left.checked_sub(text.len()).ok_or(std::fmt::Error)?;
        self.out.push_str(text);
        Ok(())
    }
}

/// Where the first placeholder of a text is, or the first statement or comment. A text that has none
/// stands for itself.
pub fn placeholder(text: &str) -> Option<usize> {
    let marks = ["{{", "{%", "{#"].into_iter();
    marks.filter_map(|mark| text.find(mark)).min()
}

impl Template {
    /// Parses a template and checks its names against `scope`.
    ///
    /// # Errors
    /// All errors at once, except that a text that does not follow the grammar has only that one.
    pub fn parse(
        text: &str,
        scope: &dyn Scope,
        lenience: Lenience,
    ) -> Result<Template, Vec<ExprError>> {
        if placeholder(text).is_none() {
            return Ok(Template::literal(text));
        }
        let tree = syntax::template(text).map_err(|error| vec![error])?;
        let mut analysis = Analysis::new(scope, Place::Template(lenience), text);
        analysis.statement(&tree);
        if !analysis.errors.is_empty() {
            return Err(analysis.errors);
        }
        let children = match &tree {
            Stmt::Template(template) => template.children.as_slice(),
            _ => &[],
        };
        let placeholder = matches!(children, [Stmt::EmitExpr(_)]);
        let body = match parts::parts(children, scope) {
            Some(parts) => Body::Segments(parts.into()),
            None => {
                let jinja = JinjaTemplate::new(text, &tree, &analysis, placeholder);
                Body::Jinja(Box::new(jinja.map_err(|error| vec![error])?))
            }
        };
        Ok(Template {
            text: text.into(),
            body,
            roots: analysis.roots.into(),
            placeholder,
        })
    }

    /// Text that is meant as it stands, whatever braces it has.
    pub fn literal(text: &str) -> Template {
        let (body, roots) = (Body::Constant, Box::default());
        Template {
            text: text.into(),
            body,
            roots,
            placeholder: false,
        }
    }

    /// The template as written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text as written, with every byte of a placeholder, statement or comment put as
    /// [`BLANK`]: what is left is meant as it stands, at the place where it stands.
    pub fn outline(&self) -> String {
        if matches!(self.body, Body::Constant) {
            return self.text.to_string();
        }
        let (tokens, _) = syntax::tokens(&self.text, false);
        let mut outline = String::with_capacity(self.text.len());
        let blank_to = |outline: &mut String, end: usize| {
            let missing = end.saturating_sub(outline.len());
            outline.extend(std::iter::repeat_n(BLANK, missing));
        };
        for (token, span) in tokens {
            if let Token::TemplateData(_) = token {
                let range = bytes(span);
                blank_to(&mut outline, range.start);
                outline.push_str(self.text.get(range).unwrap_or_default());
            }
        }
        blank_to(&mut outline, self.text.len());
        outline
    }

    /// The text it always gives, where it has no placeholders.
    pub fn as_constant(&self) -> Option<&str> {
        matches!(self.body, Body::Constant).then_some(&self.text)
    }

    /// Everything the template reads, each as far as its path is written out.
    pub fn roots(&self) -> &[(Root, Vec<Segment>)] {
        &self.roots
    }

    /// Whether it reads anything of `root`.
    pub fn reads(&self, root: Root) -> bool {
        self.roots.iter().any(|(read, _)| *read == root)
    }

    /// Whether it is exactly one placeholder and nothing else, so that it can keep the type of a
    /// value.
    pub fn placeholder(&self) -> bool {
        self.placeholder
    }

    /// Appends the text it gives to `out`.
    ///
    /// # Errors
    /// Where the text is over [`MAX_OUTPUT`], or a Jinja template fails; `out` is then as before.
    pub fn render_into(&self, context: &dyn Context, out: &mut String) -> Result<(), RenderError> {
        let before = out.len();
        let mut within = Within {
            left: MAX_OUTPUT,
            out,
        };
        let result = self.write_to(context, &mut within);
        if result.is_err() {
            out.truncate(before);
        }
        result
    }

    /// The text it gives.
    ///
    /// # Errors
    /// As [`render_into`](Self::render_into).
    pub fn render(&self, context: &dyn Context) -> Result<String, RenderError> {
        let mut out = String::new();
        self.render_into(context, &mut out)?;
        Ok(out)
    }

    /// The value it gives: exactly one placeholder keeps the type of its value and gives nothing
    /// where that is absent; anything else gives text.
    ///
    /// # Errors
    /// As [`render_into`](Self::render_into).
    pub fn value(&self, context: &dyn Context) -> Result<Option<Value>, RenderError> {
        if self.placeholder {
            match &self.body {
                Body::Segments(parts) => {
                    if let [part] = parts.as_ref() {
                        return Ok(part.value(context).map(std::borrow::Cow::into_owned));
                    }
                }
                Body::Jinja(template) => return template.value(context),
                Body::Constant => {}
            }
        }
        self.render(context).map(|text| Some(Value::String(text)))
    }

    /// Writes the text it gives, to anything that takes text.
    pub(super) fn write_to(
        &self,
        context: &dyn Context,
        out: &mut impl Write,
    ) -> Result<(), RenderError> {
        match &self.body {
            Body::Constant => out
                .write_str(&self.text)
                .map_err(|_| RenderError::too_long()),
            Body::Segments(parts) => {
                for part in parts {
                    part.write_to(context, out)
                        .map_err(|_| RenderError::too_long())?;
                }
                Ok(())
            }
            Body::Jinja(template) => {
                let text = template.render(context)?;
                out.write_str(&text).map_err(|_| RenderError::too_long())
            }
        }
    }

    /// The value of a single plain placeholder, without a copy of it; `None` where the template
    /// is not one.
    pub(super) fn plain_value<'a>(
        &'a self,
        context: &'a dyn Context,
    ) -> Option<Option<std::borrow::Cow<'a, Value>>> {
        match &self.body {
            Body::Segments(parts) if self.placeholder => match parts.as_ref() {
                [part] => Some(part.value(context)),
                _ => None,
            },
            _ => None,
        }
    }
}
