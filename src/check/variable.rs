use super::{names::Names, scalar};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    expr,
    syntax::Scalar,
};

/// A name that the file gives a variable.
pub(super) fn given_name(value: &Scalar, report: &mut Report) -> Option<String> {
    let text = scalar::text(value, "a variable's name", report)?;
    is_usable(&text.value, value.span, report).then(|| text.value.clone())
}

/// The variable that takes what a step gives. Where its name is no good, it may be any.
pub(super) fn output(
    value: &Scalar,
    step: &'static str,
    names: &mut Names,
    report: &mut Report,
) -> Option<u32> {
    let name = given_name(value, report);
    if name.is_none() {
        names.become_unsure();
    }
    name.map(|name| names.set(&name, step))
}

/// Whether a name can be a variable's; reports it where it cannot.
pub(super) fn is_usable(name: &str, span: Span, report: &mut Report) -> bool {
    if let Some(why) = expr::reserved(name) {
        report.push(
            Diagnostic::error(span, format!("`{name}` cannot name a variable: {why}"))
                .help("choose another name"),
        );
        return false;
    }
    if !expr::is_variable_name(name) {
        let mut diagnostic = Diagnostic::error(span, format!("`{name}` cannot name a variable"));
        diagnostic = match expr::variable_name(name).filter(|name| expr::is_variable_name(name)) {
            Some(near) => diagnostic.help(format!("`{near}` can")),
            None => diagnostic.help("a name is lower-case letters, digits and `_`, no digit first"),
        };
        report.push(diagnostic);
        return false;
    }
    true
}
