use http::Method;

use super::{
    auth,
    names::Names,
    parse::{self, Parsed},
    reply, scalar,
    secret::Secrets,
};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    expr::PathSet,
    model::{
        Auth, BodySource, Format, Mode, Parse, ParseEntry, ParseSource, ReplyTemplate, Route,
        Trigger,
    },
    syntax::{Fields, Node},
};

/// A trigger whose flow's steps are still to be checked: only then is it known whether they need
/// the whole document.
#[derive(Debug)]
pub(super) struct Draft {
    pub route: Option<(Route, Span)>,
    methods: Vec<Method>,
    auth: Vec<Auth>,
    accept: Vec<Format>,
    entries: Vec<ParseEntry>,
    reply: ReplyTemplate,
}

impl Draft {
    /// The trigger, of a flow that uses these names.
    pub fn finish(self, names: &Names) -> Trigger {
        let mut plain = Vec::new();
        let mut needs_document = names.uses_document();
        for entry in &self.entries {
            match &entry.source {
                ParseSource::Body(BodySource::Plain(_, path)) => plain.push(path),
                ParseSource::Body(BodySource::JsonPath(_)) => needs_document = true,
                _ => {}
            }
        }
        let body_paths = PathSet::new(plain);
        Trigger {
            route: self.route.map(|(route, _)| route),
            methods: self.methods,
            auth: self.auth,
            accept: self.accept,
            parse: Parse {
                body_paths,
                entries: self.entries,
                needs_document,
            },
            reply: self.reply,
        }
    }
}

/// `webhook "/path" { methods …; accept …; auth { … }; parse { … }; respond … }`. The names hold
/// what it parses.
pub(super) fn trigger(
    node: Node,
    mode: Mode,
    secrets: &Secrets,
    report: &mut Report,
) -> (Draft, Names) {
    let mut fields = node.open();
    let path = fields.argument();
    let route = path.as_ref().and_then(|value| {
        let text = scalar::name(value, "a webhook's path", report)?;
        match Route::parse(&text.value) {
            Ok(route) => Some((route, value.span)),
            Err(error) => {
                report.push(Diagnostic::error(value.span, error.to_string()));
                None
            }
        }
    });
    let methods = fields
        .child("methods", report)
        .map(|node| methods(node, report))
        .filter(|methods| !methods.is_empty())
        .unwrap_or_else(|| vec![Method::POST]);
    let accept = fields
        .child("accept", report)
        .map(|node| accept(node, report))
        .unwrap_or_default();
    let auth = fields
        .child("auth", report)
        .map(|node| auth::auth(node, secrets, report))
        .unwrap_or_default();
    let parsed = fields
        .child("parse", report)
        .map(|node| parse::parse(node, route.as_ref().map(|(route, _)| route), report))
        .unwrap_or_default();
    let Parsed {
        entries, variables, ..
    } = parsed;
    let mut names = Names::new(variables);
    let reply = match fields.child("respond", report) {
        None => ReplyTemplate::ok(),
        Some(node) => {
            let mut reply = node.open();
            if mode == Mode::Sync {
                report.push(
                    Diagnostic::error(
                        reply.span,
                        "a sync flow answers with a `respond` of its own",
                    )
                    .help("move it among the flow's steps"),
                );
            }
            let answer = reply::reply(&mut reply, &mut names, report);
            reply.finish(report);
            answer.unwrap_or_else(ReplyTemplate::ok)
        }
    };
    fields.finish(report);
    let draft = Draft {
        route,
        methods,
        auth,
        accept,
        entries,
        reply,
    };
    (draft, names)
}

fn methods(node: Node, report: &mut Report) -> Vec<Method> {
    const KNOWN: [(&str, Method); 6] = [
        ("POST", Method::POST),
        ("PUT", Method::PUT),
        ("PATCH", Method::PATCH),
        ("DELETE", Method::DELETE),
        ("GET", Method::GET),
        ("HEAD", Method::HEAD),
    ];
    let names: Vec<_> = KNOWN.iter().map(|(name, _)| (*name, *name)).collect();
    words(node, "a method", &names, report)
        .into_iter()
        .filter_map(|name| name.parse().ok())
        .collect()
}

fn accept(node: Node, report: &mut Report) -> Vec<Format> {
    let formats = Format::ALL.map(|format| (format.name(), format));
    words(node, "a body format", &formats, report)
}

/// A line of words, each once.
fn words<T: Copy + PartialEq>(
    node: Node,
    what: &str,
    known: &[(&'static str, T)],
    report: &mut Report,
) -> Vec<T> {
    let mut fields: Fields = node.open();
    let first = fields.expect_argument(report, what);
    let mut found = Vec::new();
    for value in first.into_iter().chain(fields.arguments()) {
        if let Some(word) = scalar::word(&value, what, known, report) {
            if found.contains(&word) {
                report.push(Diagnostic::error(
                    value.span,
                    format!("{what} is there twice"),
                ));
            } else {
                found.push(word);
            }
        }
    }
    fields.finish(report);
    found
}
