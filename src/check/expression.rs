use super::{
    names::{Names, members},
    parse,
    scalar::{self, quoted},
};
use crate::{
    diagnostic::{Diagnostic, Report, did_you_mean, nearest},
    expr::{Condition, ExprError, ExprErrorKind, Lenience, Root, Segment, Template},
    model::WITHHELD_HEADERS,
    syntax::{Scalar, Text, is_secret_place},
};

/// The condition in a text.
pub(super) fn condition(text: &Text, names: &mut Names, report: &mut Report) -> Option<Condition> {
    match Condition::parse(&text.value, names) {
        Ok(condition) => {
            names.note_roots(condition.roots());
            // It goes on being one, so that what it shows of its names is not lost.
            let errors = condition.never_decided(names);
            explain(errors, text, Place::Condition, names, report);
            reads_no_credentials(condition.roots(), text, report).then_some(condition)
        }
        Err(errors) => {
            explain(errors, text, Place::Condition, names, report);
            None
        }
    }
}

/// The template in a scalar; `(raw)"…"` is taken as it is.
pub(super) fn template(
    scalar: &Scalar,
    what: &str,
    lenience: Lenience,
    names: &mut Names,
    report: &mut Report,
) -> Option<Template> {
    if let (Some(annotation), Some(text)) = (&scalar.annotation, scalar.as_text()) {
        if annotation.text == "raw" {
            return Some(Template::literal(&text.value));
        }
        if is_secret_place(&annotation.text) {
            scalar::is_bare(scalar, what, report);
        } else {
            report.push(
                Diagnostic::error(
                    annotation.span,
                    format!("`({})` cannot stand before {what}", annotation.text),
                )
                .help("`(raw)` takes a text as it is"),
            );
        }
        return None;
    }
    let text = scalar::text(scalar, what, report)?;
    match Template::parse(&text.value, names, lenience) {
        Ok(template) => {
            names.note_roots(template.roots());
            reads_no_credentials(template.roots(), text, report).then_some(template)
        }
        Err(errors) => {
            explain(errors, text, Place::Template, names, report);
            None
        }
    }
}

/// Whether no header is read that never arrives; reports it where one is.
fn reads_no_credentials(roots: &[(Root, Vec<Segment>)], text: &Text, report: &mut Report) -> bool {
    let withheld = roots.iter().find_map(|(root, path)| match &path[..] {
        [Segment::Key(member), Segment::Key(header), ..]
            if *root == Root::Request && &**member == "headers" =>
        {
            let name = WITHHELD_HEADERS
                .iter()
                .find(|known| header.eq_ignore_ascii_case(known.as_str()))?;
            Some((header, name))
        }
        _ => None,
    });
    let Some((written, name)) = withheld else {
        return true;
    };
    let span = match text.value.find(&**written) {
        Some(at) => text.at(at..at + written.len()),
        None => text.span,
    };
    report.push(parse::withheld(span, name));
    false
}

const NOW: &str = "set it above: `set time=\"{{ now() }}\"`";

/// Where an expression stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Condition,
    Template,
}

fn explain(errors: Vec<ExprError>, text: &Text, place: Place, names: &Names, report: &mut Report) {
    for error in errors {
        if names.is_unsure() && matches!(error.kind, ExprErrorKind::UnknownName(_)) {
            continue;
        }
        let span = text.at(error.range.clone());
        let mut diagnostic = Diagnostic::error(span, error.kind.to_string());
        diagnostic = match &error.kind {
            ExprErrorKind::Syntax(_) => match slip(&text.value, &error, place) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            },
            ExprErrorKind::MayBeAbsent(name) if names.is_set_by_step(name) => diagnostic.help(
                format!("set it on every way to here, or guard it: `{name} is defined and …`, `{name} | default(…)`"),
            ),
            ExprErrorKind::UnknownFunction(_) => diagnostic.help("there is only `now()`"),
            ExprErrorKind::Call if text.value.get(error.range.clone()).is_some_and(|call| call.starts_with("now(")) => {
                diagnostic.help(NOW)
            }
            ExprErrorKind::Call if is_call_of(&text.value, &error, "startswith") => {
                diagnostic.help("use a test: `name is startingwith('…')`")
            }
            ExprErrorKind::Call if is_call_of(&text.value, &error, "endswith") => {
                diagnostic.help("use a test: `name is endingwith('…')`")
            }
            ExprErrorKind::UnknownName(name) => match unknown_name(name, names) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            },
            ExprErrorKind::UnknownMember { root, member } if root == "secrets" => {
                match nearest(member, names.around().secrets.iter().map(String::as_str)) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help("name it in `secrets { … }`"),
                }
            }
            ExprErrorKind::UnknownMember { root, member } => {
                match nearest(member, members(root).iter().copied()) {
                    Some(near) => diagnostic.help(did_you_mean(near)),
                    None => diagnostic.help(format!("there are {}", quoted(members(root)))),
                }
            }
            kind => {
                let near = kind
                    .name()
                    .and_then(|name| nearest(name, kind.known()));
                match near
                    .map(did_you_mean)
                    .or(kind.help())
                {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                }
            }
        };
        report.push(diagnostic);
    }
}

/// What was most likely meant by a text that does not follow the grammar.
fn slip(text: &str, error: &ExprError, place: Place) -> Option<String> {
    let (before, rest) = (
        text.get(..error.range.start)?,
        text.get(error.range.start..)?,
    );
    let is_placeholder = before.trim_start().starts_with("{{") && rest.starts_with('}');
    let help = if is_placeholder && place == Place::Condition {
        "a condition is an expression already: write it without `{{` and `}}`"
    } else if rest.starts_with('&') {
        "write `and`"
    } else if rest.starts_with('|') && before.ends_with('|') {
        "write `or`"
    } else if rest.starts_with('!') {
        "write `not`"
    } else if rest.starts_with(['“', '”', '„', '‘', '’']) {
        "text within an expression has straight single quotes: `'…'`"
    } else if rest.starts_with('?') {
        "a condition has no `? :`; use a further `when`"
    } else {
        return None;
    };
    Some(help.to_owned())
}

/// Whether an error is about a call of a method of this name.
fn is_call_of(text: &str, error: &ExprError, method: &str) -> bool {
    text.get(error.range.clone())
        .is_some_and(|call| call.contains(&format!(".{method}(")))
}

fn unknown_name(name: &str, names: &Names) -> Option<String> {
    if name == "secrets" {
        return Some(
            "a secret may stand in the URL, the query, the headers and the body of `http`, and in `env` and `stdin` of `exec`"
                .to_owned(),
        );
    }
    if name == "error" {
        return Some("`error` is only known inside `on-error`".to_owned());
    }
    if matches!(name, "null" | "nil" | "undefined" | "None") {
        return Some("whether there is a value is asked by `is defined` and `is none`".to_owned());
    }
    if name == "now" {
        return Some(NOW.to_owned());
    }
    if names.is_parameter(name) {
        return Some(format!("add `path \"{name}\"` to `parse`"));
    }
    if names.is_set_elsewhere(name) {
        return Some(format!("`{name}` is set on another way through the flow"));
    }
    nearest(name, names.known()).map(did_you_mean)
}
