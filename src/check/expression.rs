use super::{
    names::{Names, members},
    scalar,
};
use crate::{
    diagnostic::{Diagnostic, Report, nearest},
    expr::{Condition, ExprError, ExprErrorKind, Lenience, Template},
    syntax::{Scalar, Text},
};

/// The condition in a text.
pub(super) fn condition(text: &Text, names: &mut Names, report: &mut Report) -> Option<Condition> {
    match Condition::parse(&text.value, names) {
        Ok(condition) => {
            names.note_roots(condition.roots());
            Some(condition)
        }
        Err(errors) => {
            explain(errors, text, names, report);
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
        report.push(
            Diagnostic::error(
                annotation.span,
                format!("`({})` cannot stand before {what}", annotation.text),
            )
            .help("`(raw)` takes a text as it is; secrets go into `secrets { … }`"),
        );
        return None;
    }
    let text = scalar::text(scalar, what, report)?;
    match Template::parse(&text.value, names, lenience) {
        Ok(template) => {
            names.note_roots(template.roots());
            Some(template)
        }
        Err(errors) => {
            explain(errors, text, names, report);
            None
        }
    }
}

fn explain(errors: Vec<ExprError>, text: &Text, names: &Names, report: &mut Report) {
    for error in errors {
        let span = text.at(error.range.clone());
        let mut diagnostic = Diagnostic::error(span, error.kind.to_string());
        diagnostic = match &error.kind {
            ExprErrorKind::UnknownName(name) => match unknown_name(name, names) {
                Some(help) => diagnostic.help(help),
                None => diagnostic,
            },
            ExprErrorKind::UnknownMember { root, member } => {
                match nearest(member, members(root).iter().copied()) {
                    Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                    None => diagnostic.help(format!("there are {}", members(root).join(", "))),
                }
            }
            kind => {
                let near = kind
                    .name()
                    .and_then(|name| nearest(name, kind.known()).map(str::to_owned));
                match near
                    .map(|near| format!("did you mean `{near}`?"))
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

fn unknown_name(name: &str, names: &Names) -> Option<String> {
    if name == "secrets" {
        return Some("secrets may only be used where they are sent or verified".to_owned());
    }
    if name == "error" {
        return Some("`error` is known inside `on-error`".to_owned());
    }
    if names.is_set_elsewhere(name) {
        return Some(format!("`{name}` is set on another way through the flow"));
    }
    nearest(name, names.known()).map(|near| format!("did you mean `{near}`?"))
}
