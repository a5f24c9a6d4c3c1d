use std::{rc::Rc, time::Duration};

use http::Method;

use super::{
    around::Around,
    auth, expression,
    names::Names,
    parse::{self, Parsed},
    reply, scalar,
    secret::Secrets,
};
use crate::{
    diagnostic::{Diagnostic, Report, Span},
    expr::{Lenience, PathSet},
    model::{
        Auth, BodySource, Dedupe, Format, Mode, Parse, ParseEntry, ParseSource, ReplyTemplate,
        Route, RouteError, Trigger,
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
    dedupe: Option<Dedupe>,
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
            dedupe: self.dedupe,
            reply: self.reply,
        }
    }
}

/// `webhook "/path" { methods …; accept …; auth { … }; parse { … }; respond … }`. The names hold
/// what it parses.
pub(super) fn trigger(
    node: Node,
    mode: Option<Mode>,
    around: &Rc<Around>,
    secrets: &Secrets,
    report: &mut Report,
) -> (Draft, Names) {
    let mut fields = node.open();
    let path = fields.argument();
    let route = path.as_ref().and_then(|value| {
        let text = scalar::name(value, "a webhook's path", report)?;
        match Route::parse(&text.value) {
            Ok(route) => {
                warn_of_literals(&text.value, value.span, report);
                Some((route, value.span))
            }
            Err(error) => {
                report.push(route_error(&text.value, &error, value.span));
                None
            }
        }
    });
    const NODES: [&str; 6] = ["methods", "accept", "auth", "parse", "dedupe", "respond"];
    let mut nodes = NODES.map(|name| fields.child(name, report));
    for (name, node) in NODES.into_iter().zip(&mut nodes) {
        if node.is_none() {
            *node = fields.slip_of_child(name, report);
        }
    }
    let [methods, accept, auth, parsed, dedupe, reply] = nodes;
    let methods = methods
        .map(|node| self::methods(node, report))
        .filter(|methods| !methods.is_empty())
        .unwrap_or_else(|| vec![Method::POST]);
    let accept = accept
        .map(|node| self::accept(node, report))
        .unwrap_or_default();
    let auth = auth
        .map(|node| auth::auth(node, secrets, report))
        .unwrap_or_default();
    let parsed = parsed
        .map(|node| parse::parse(node, route.as_ref().map(|(route, _)| route), report))
        .unwrap_or_default();
    let Parsed {
        entries,
        variables,
        is_unsure,
        ..
    } = parsed;
    let parameters = route
        .as_ref()
        .map_or(&[][..], |(route, _)| route.parameters());
    let mut names = Names::new(variables, around).with_parameters(parameters);
    if is_unsure || !fields.clone().children().is_empty() {
        names.become_unsure();
    }
    let dedupe = dedupe.and_then(|node| self::dedupe(node, &mut names, report));
    let reply = match reply {
        None => ReplyTemplate::ok(),
        Some(node) => {
            let mut reply = node.open();
            if mode == Some(Mode::Sync) {
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
        dedupe,
        reply,
    };
    (draft, names)
}

/// `dedupe key="{{ delivery }}" window="24h"`.
fn dedupe(node: Node, names: &mut Names, report: &mut Report) -> Option<Dedupe> {
    const DEFAULT_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);
    let mut fields = node.open();
    let key = fields.property("key");
    let window = fields
        .property("window")
        .map_or(Some(DEFAULT_WINDOW), |value| {
            scalar::duration(&value, "`window`", report)
        });
    if key.is_none() && !fields.has_slip_of_property("key") {
        report.push(
            Diagnostic::error(fields.span, "`dedupe` needs a `key`").help(
                "what tells one request from another: `dedupe key=\"{{ delivery }}\" window=\"24h\"`",
            ),
        );
    }
    let key = key.and_then(|value| {
        let key = expression::template(&value, "a key", Lenience::Strict, names, report)?;
        if key.as_constant().is_some() {
            report.push(
                Diagnostic::error(
                    value.span,
                    "all requests have this key, and only one of them would be run",
                )
                .help("name a variable that differs: `key=\"{{ delivery }}\"`"),
            );
            return None;
        }
        Some(key)
    });
    fields.finish(report);
    Some(Dedupe {
        key: key?,
        window: window?,
    })
}

/// Says what is wrong with a path, and what was most likely meant.
fn route_error(text: &str, error: &RouteError, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(span, error.to_string());
    match error {
        RouteError::NoSlash if text.contains("://") => diagnostic
            .help("only the path stands here; scheme and host are `public-url` in `server`"),
        RouteError::NoSlash => diagnostic.help(format!("write \"/{text}\"")),
        RouteError::Character('?') => {
            Diagnostic::error(span, "the query is no part of a webhook's path")
                .help("read it with `query` in `parse`")
        }
        RouteError::Character('#') => Diagnostic::error(
            span,
            "a path cannot have `#`: no client sends what follows it",
        ),
        RouteError::Segment(segment) if segment.is_empty() => Diagnostic::error(
            span,
            "a path cannot have `//`: many clients make one `/` of it",
        ),
        _ => diagnostic,
    }
}

/// What other routers take for a parameter is plain text here.
fn warn_of_literals(text: &str, span: Span, report: &mut Report) {
    for segment in text.split('/') {
        let name = segment.strip_prefix([':', '*', '$']).unwrap_or_default();
        if crate::expr::is_variable_name(name) {
            report.push(
                Diagnostic::warning(span, format!("`{segment}` is taken as it stands"))
                    .help(format!("a path parameter is written `{{{name}}}`")),
            );
        } else if segment.contains('*') {
            report.push(
                Diagnostic::warning(span, format!("`{segment}` is taken as it stands"))
                    .help("a path parameter takes one segment, and is written `{name}`"),
            );
        }
    }
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
    words(node, ACCEPTED, &formats, report)
}

const ACCEPTED: &str = "what is accepted beside JSON";

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
                let name = value.as_text().map_or("it", |text| &text.value);
                report.push(Diagnostic::error(
                    value.span,
                    format!("`{name}` is there twice"),
                ));
            } else {
                found.push(word);
            }
        }
    }
    fields.finish(report);
    found
}
