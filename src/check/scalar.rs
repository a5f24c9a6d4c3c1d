use std::time::Duration;

use super::units;
use crate::{
    diagnostic::{Diagnostic, Report, nearest},
    run::{LONGEST_DURATION, parse_duration},
    syntax::{Scalar, Text, is_secret_place},
};

/// "`a`, `b`", for lists of words.
pub(super) fn quoted(words: &[&str]) -> String {
    let words: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

/// Whether nothing stands in parentheses before a scalar; reports it where something does.
pub(super) fn is_bare(scalar: &Scalar, what: &str, report: &mut Report) -> bool {
    let Some(annotation) = &scalar.annotation else {
        return true;
    };
    let diagnostic = Diagnostic::error(
        annotation.span,
        format!("`({})` cannot stand before {what}", annotation.text),
    );
    report.push(if is_secret_place(&annotation.text) {
        diagnostic.help("a secret stands in `auth`, or in `secrets { … }`, and nowhere else")
    } else {
        diagnostic
    });
    false
}

/// The text in a scalar that has to be one; `what` names it in the sentence.
pub(super) fn text<'s>(scalar: &'s Scalar, what: &str, report: &mut Report) -> Option<&'s Text> {
    if !is_bare(scalar, what, report) {
        return None;
    }
    let text = scalar.as_text();
    if text.is_none() {
        wrong_kind(scalar, &format!("{what} is text in quotes"), report);
    }
    text
}

/// The text of a scalar that has to be one and not empty.
pub(super) fn name<'s>(scalar: &'s Scalar, what: &str, report: &mut Report) -> Option<&'s Text> {
    let text = text(scalar, what, report)?;
    if text.value.trim().is_empty() {
        report.push(Diagnostic::error(
            scalar.span,
            format!("{what} cannot be empty"),
        ));
        return None;
    }
    if text.value.chars().any(char::is_control) {
        report.push(Diagnostic::error(
            scalar.span,
            format!("{what} cannot have control characters"),
        ));
        return None;
    }
    Some(text)
}

/// `#true` or `#false`.
pub(super) fn boolean(scalar: &Scalar, what: &str, report: &mut Report) -> Option<bool> {
    if !is_bare(scalar, what, report) {
        return None;
    }
    let value = scalar.as_bool();
    if value.is_none() {
        let word = scalar.as_text().map(|text| text.value.to_lowercase());
        let word = word.filter(|word| matches!(&**word, "true" | "false"));
        let help = word.map(|word| format!("write `#{word}`, without quotes"));
        let needed = format!("{what} is `#true` or `#false`");
        wrong_kind_helped(scalar, &needed, help, report);
    }
    value
}

/// A duration of at most 365 days, as text: `"10s"`.
pub(super) fn duration(scalar: &Scalar, what: &str, report: &mut Report) -> Option<Duration> {
    if !is_bare(scalar, what, report) {
        return None;
    }
    let value = scalar
        .as_text()
        .and_then(|text| parse_duration(&text.value))
        .filter(|duration| !duration.is_zero());
    if value.is_none() {
        // A number of what, nobody said; of seconds, most likely.
        let number = scalar.as_integer().filter(|number| *number > 0);
        let help = number.map(|number| format!("write \"{number}s\" for seconds"));
        let needed = format!("{what} is a time like \"500ms\", \"10s\" or \"5m\"");
        wrong_kind_helped(scalar, &needed, help, report);
    }
    if value.is_some_and(|duration| duration > LONGEST_DURATION) {
        wrong_kind(scalar, &format!("{what} is at most \"365days\""), report);
        return None;
    }
    value
}

/// A number of bytes: `"64KiB"`, or a plain integer.
pub(super) fn bytes(scalar: &Scalar, what: &str, report: &mut Report) -> Option<u64> {
    if !is_bare(scalar, what, report) {
        return None;
    }
    let value = match scalar.as_integer() {
        Some(integer) => u64::try_from(integer).ok(),
        None => scalar.as_text().and_then(|text| units::bytes(&text.value)),
    }
    .filter(|bytes| *bytes > 0);
    if value.is_none() {
        wrong_kind(
            scalar,
            &format!("{what} is a size like \"64KiB\" or \"1MiB\""),
            report,
        );
    }
    value
}

/// A whole number between `least` and `most`.
pub(super) fn integer(
    scalar: &Scalar,
    what: &str,
    least: i128,
    most: i128,
    report: &mut Report,
) -> Option<i128> {
    if !is_bare(scalar, what, report) {
        return None;
    }
    let value = scalar
        .as_integer()
        .filter(|integer| (least..=most).contains(integer));
    if value.is_none() {
        wrong_kind(
            scalar,
            &format!("{what} is a whole number from {least} to {most}"),
            report,
        );
    }
    value
}

/// What is shown in the place of something, where there is a value for it.
pub(super) fn title(value: Option<Scalar>, what: &str, report: &mut Report) -> Option<String> {
    Some(name(&value?, what, report)?.value.clone())
}

/// One of a few words; the nearest one is suggested.
pub(super) fn word<T: Copy>(
    scalar: &Scalar,
    what: &str,
    words: &[(&'static str, T)],
    report: &mut Report,
) -> Option<T> {
    let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
    let allowed = quoted(&known);
    if !is_bare(scalar, what, report) {
        return None;
    }
    let Some(text) = scalar.as_text() else {
        wrong_kind(scalar, &format!("{what} is one of {allowed}"), report);
        return None;
    };
    if let Some((_, found)) = words.iter().find(|(word, _)| *word == text.value) {
        return Some(*found);
    }
    let mut diagnostic = Diagnostic::error(
        scalar.span,
        format!("{what} is one of {allowed}, not {:?}", text.value),
    );
    let near = other_word(&text.value)
        .filter(|word| known.contains(word))
        .or_else(|| nearest(&text.value, known));
    if let Some(near) = near {
        diagnostic = diagnostic.help(format!("did you mean {near:?}?"));
    }
    report.push(diagnostic);
    None
}

/// What goes by another word elsewhere.
fn other_word(word: &str) -> Option<&'static str> {
    Some(match word {
        "int" | "i64" => "integer",
        "float" | "double" | "decimal" => "number",
        "text" | "str" => "string",
        "boolean" => "bool",
        "array" => "list",
        "object" | "any" => "json",
        "x-www-form-urlencoded" | "application/x-www-form-urlencoded" => "form",
        "text/plain" => "text",
        "application/xml" | "text/xml" => "xml",
        _ => return None,
    })
}

/// Says what is needed in the place of a scalar; not where it is known to be a slip already.
pub(super) fn wrong_kind(scalar: &Scalar, needed: &str, report: &mut Report) {
    wrong_kind_helped(scalar, needed, None, report);
}

/// The same, with what to write, where that can be told.
pub(super) fn wrong_kind_helped(
    scalar: &Scalar,
    needed: &str,
    help: Option<String>,
    report: &mut Report,
) {
    let mut told = report.diagnostics().iter();
    if told.any(|diagnostic| diagnostic.span == Some(scalar.span)) {
        return;
    }
    let found = match (scalar.as_text(), scalar.as_integer()) {
        (Some(text), _) => format!("{:?}", text.value),
        (None, Some(integer)) => integer.to_string(),
        (None, None) => scalar.kind().to_owned(),
    };
    let mut diagnostic = Diagnostic::error(scalar.span, format!("{needed}, found {found}"));
    diagnostic.help = help;
    report.push(diagnostic);
}
