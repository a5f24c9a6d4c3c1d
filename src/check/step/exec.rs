use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::Checked;
use crate::{
    check::{answers::Exits, expression, names::Names, scalar, variable},
    diagnostic::{Diagnostic, Report, Source},
    expr::{Lenience, Template, placeholder},
    model::{Exec, Stdin, StepKind},
    syntax::{Fields, Node, Scalar, Text},
};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(60);
const DEFAULT_MAX_OUTPUT: u64 = 1 << 20;
/// What is kept of a program's output is held in memory, and stored with the run.
const MOST_OUTPUT: u64 = 64 << 20;

/// `exec "program" "argument"… as="…" { env …; stdin …; accept-codes …; max-output … }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let exec = exec(fields, names, report);
    Checked {
        kind: exec.map(|exec| StepKind::Exec(Box::new(exec))),
        exits: Exits::goes_on(fields.span),
    }
}

fn exec(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<Exec> {
    let program = fields
        .expect_argument(report, "a program: `exec \"./deploy.sh\" \"argument\"`")
        .and_then(|value| program(&value, report));
    let arguments: Vec<_> = fields
        .arguments()
        .iter()
        .map(|value| expression::template(value, "an argument", Lenience::Strict, names, report))
        .collect();
    let output = fields.property("as");
    let timeout = fields.property("timeout").map_or(DEFAULT_TIMEOUT, |value| {
        scalar::duration(&value, "`timeout`", report).unwrap_or(DEFAULT_TIMEOUT)
    });
    let directory = match fields.property("cwd") {
        Some(value) => directory(&value, report),
        None => Some(report.sources().first().map_or_else(PathBuf::new, around)),
    };
    let may_dash = fields
        .property("allow-dash")
        .and_then(|value| scalar::boolean(&value, "`allow-dash`", report))
        .unwrap_or(false);
    let environment = environment(fields, names, report);
    let stdin = match fields.child("stdin", report) {
        Some(node) => stdin(node, names, report),
        None => Some(Stdin::Empty),
    };
    let accept_codes = match fields.child("accept-codes", report) {
        Some(node) => accept_codes(node, report),
        None => vec![0],
    };
    let max_output = fields
        .child("max-output", report)
        .map_or(DEFAULT_MAX_OUTPUT, |node| max_output(node, report));
    // Set last: what the step reads is from before it ran.
    let output = output.and_then(|value| variable::output(&value, "exec", names, report));
    let (name, program) = program?;
    Some(Exec {
        name,
        program,
        arguments: arguments.into_iter().collect::<Option<_>>()?,
        may_dash,
        environment: environment?,
        stdin: stdin?,
        directory: directory?,
        timeout,
        accept_codes,
        max_output: usize::try_from(max_output).unwrap_or(usize::MAX),
        output,
    })
}

/// The program as written, and where it is.
fn program(value: &Scalar, report: &mut Report) -> Option<(String, PathBuf)> {
    let text = scalar::name(value, "a program", report)?;
    is_literal(text, "the program", report).then_some(())?;
    let name = text.value.clone();
    if !name.contains('/') {
        if name.contains(char::is_whitespace) {
            report.push(
                Diagnostic::error(value.span, format!("{name:?} is no name of a program"))
                    .help("no shell takes it apart: each argument is a text of its own, like `exec \"git\" \"pull\"`"),
            );
            return None;
        }
        return Some((name.clone(), PathBuf::from(name)));
    }
    let path = around(report.source(value.span.source)).join(&name);
    Some((name, path))
}

fn directory(value: &Scalar, report: &mut Report) -> Option<PathBuf> {
    let text = scalar::name(value, "`cwd`", report)?;
    is_literal(text, "`cwd`", report).then(|| {
        let file = report.source(value.span.source);
        around(file).join(&text.value)
    })
}

/// Whether a text has no placeholder where none may be; reports it where it has.
fn is_literal(text: &Text, what: &str, report: &mut Report) -> bool {
    let Some(at) = placeholder(&text.value) else {
        return true;
    };
    report.push(
        Diagnostic::error(
            text.at(at..text.value.len()),
            format!("{what} cannot have a placeholder"),
        )
        .help("whoever sends a request must not choose what is run, nor where; arguments can have placeholders"),
    );
    false
}

/// The directory that a file is in.
fn around(file: &Source) -> PathBuf {
    match file.path.parent() {
        Some(parent) if parent != Path::new("") => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// All lines of `env "NAME" "value"`.
fn environment(
    fields: &mut Fields,
    names: &mut Names,
    report: &mut Report,
) -> Option<Vec<(String, Template)>> {
    let mut environment: Vec<(String, Template)> = Vec::new();
    let mut is_whole = true;
    for node in fields.children_named("env") {
        let span = node.span;
        match env(node, names, report) {
            Some((name, _)) if environment.iter().any(|(known, _)| *known == name) => {
                report.push(Diagnostic::error(
                    span,
                    format!("the environment variable `{name}` is given twice"),
                ));
            }
            Some(entry) => environment.push(entry),
            None => is_whole = false,
        }
    }
    is_whole.then_some(environment)
}

fn env(node: Node, names: &mut Names, report: &mut Report) -> Option<(String, Template)> {
    let mut fields = node.open();
    let name = fields.argument();
    let value = fields.argument();
    let (Some(name), Some(value)) = (name, value) else {
        // Told once: `env NAME="…"` is one slip.
        fields.properties_left();
        report.push(
            Diagnostic::error(fields.span, "`env` needs a name and a value")
                .help("`env \"TOKEN\" \"{{ secrets.token }}\"`"),
        );
        fields.finish(report);
        return None;
    };
    let value = names.naming_secrets(|names| {
        expression::template(
            &value,
            "an environment variable's value",
            Lenience::Strict,
            names,
            report,
        )
    });
    fields.finish(report);
    let text = scalar::text(&name, "an environment variable's name", report)?;
    if !is_environment_name(&text.value) {
        report.push(
            Diagnostic::error(
                name.span,
                format!("{:?} cannot name an environment variable", text.value),
            )
            .help("a name is letters, digits and `_`, no digit first"),
        );
        return None;
    }
    Some((text.value.clone(), value?))
}

fn is_environment_name(name: &str) -> bool {
    !name.starts_with(|c: char| c.is_ascii_digit())
        && !name.is_empty()
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// `stdin "text"`, or `stdin body=#true`.
fn stdin(node: Node, names: &mut Names, report: &mut Report) -> Option<Stdin> {
    const BODY: &str = "`stdin body=#true` is the body of the request, as it came";
    let mut fields = node.open();
    let span = fields.span;
    let text = fields.argument();
    let body = fields
        .property("body")
        .map(|value| scalar::boolean(&value, "`body`", report));
    fields.finish(report);
    match (text, body) {
        (Some(text), None | Some(Some(false))) => {
            if text.source(report) == "body" {
                report.push(
                    Diagnostic::error(text.span, "`body` without quotes is only the word")
                        .help(BODY),
                );
                return None;
            }
            let template = names.naming_secrets(|names| {
                expression::template(
                    &text,
                    "the text of `stdin`",
                    Lenience::Strict,
                    names,
                    report,
                )
            });
            template.map(Stdin::Text)
        }
        (None, Some(Some(true))) => Some(Stdin::Body),
        (Some(_), Some(Some(true))) => {
            report.push(
                Diagnostic::error(span, "`stdin` is a text or the body, not both").help(BODY),
            );
            None
        }
        (_, Some(None)) => None,
        (None, _) => {
            report.push(Diagnostic::error(span, "`stdin` needs a text").help(BODY));
            None
        }
    }
}

fn accept_codes(node: Node, report: &mut Report) -> Vec<u8> {
    let mut fields = node.open();
    let values = fields.arguments();
    if values.is_empty() {
        report.push(
            Diagnostic::error(fields.span, "`accept-codes` needs an exit code")
                .help("`accept-codes 0 2`"),
        );
    }
    fields.finish(report);
    values
        .iter()
        .filter_map(|value| scalar::integer(value, "an exit code", 0, 255, report))
        .filter_map(|code| u8::try_from(code).ok())
        .collect()
}

fn max_output(node: Node, report: &mut Report) -> u64 {
    let mut fields = node.open();
    let most = fields
        .expect_argument(report, "a size: `max-output \"1MiB\"`")
        .and_then(|value| {
            let most = scalar::bytes(&value, "`max-output`", report)?;
            if most > MOST_OUTPUT {
                scalar::wrong_kind(&value, "`max-output` is at most \"64MiB\"", report);
            }
            Some(most)
        });
    fields.finish(report);
    most.unwrap_or(DEFAULT_MAX_OUTPUT)
}
