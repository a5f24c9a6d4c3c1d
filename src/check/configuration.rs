use std::rc::Rc;

use super::{
    around::Around,
    callees::Callees,
    flow::{self, Read},
    secret::{self, Secrets},
    server,
};
use crate::{
    diagnostic::{Diagnostic, Report, Severity, Span},
    model::{Configuration, Routes, SecretPlaces, Server},
    syntax::{Node, Tree, unknown_node},
};

/// Checks a whole configuration: what it came to, `None` where the report has errors, and where it
/// keeps its secrets, as far as that could be read.
pub fn configuration(tree: Tree, report: &mut Report) -> (Option<Configuration>, SecretPlaces) {
    let mut servers = Vec::new();
    let mut secret_blocks = Vec::new();
    let mut flows = Vec::new();
    for node in tree.nodes {
        match &*node.name.text {
            "server" => servers.push(node),
            "secrets" => secret_blocks.push(node),
            "flow" => flows.push(node),
            _ => unknown_node(&node, "", &["server", "secrets", "flow", "include"], report),
        }
    }
    // Secrets first: flows refer to them from wherever they stand.
    let mut secrets = Secrets::of(tree.complete);
    for node in secret_blocks {
        secret::secrets(node, &mut secrets, report);
    }
    // A slip in `outbound` is told once, and not again of every URL that relies on it.
    let errors_before = report.error_count();
    let server = one_server(servers, report);
    let is_sound = tree.complete && report.error_count() == errors_before;
    let (callees, order) = Callees::of(&flows, report);
    let around = Rc::new(Around {
        secrets: secrets.known().collect(),
        outbound: is_sound.then(|| server.outbound.clone()),
        callees,
    });
    let mut flows: Vec<_> = flows.into_iter().map(Some).collect();
    let mut reads: Vec<_> = order
        .into_iter()
        .filter_map(|place| {
            Some((
                place,
                flow::flow(flows[place].take()?, &around, &secrets, report)?,
            ))
        })
        .collect();
    reads.sort_by_key(|(place, _)| *place);
    let reads: Vec<Read> = reads.into_iter().map(|(_, read)| read).collect();
    collisions(&reads, report);
    let places = secrets.places();
    if report.has_errors() {
        return (None, places);
    }
    if reads.is_empty() {
        report.push(Diagnostic::at(
            Severity::Warning,
            None,
            "there is no flow: every request is answered 404",
        ));
    }
    let configuration = Configuration {
        server,
        secrets: secrets.named,
        env_file: secrets.env_file,
        flows: reads.into_iter().filter_map(|read| read.flow).collect(),
    };
    (Some(configuration), places)
}

fn one_server(nodes: Vec<Node>, report: &mut Report) -> Server {
    let mut first: Option<(Server, Span)> = None;
    for node in nodes {
        let span = node.span;
        match &first {
            None => first = Some((server::server(node, report), span)),
            Some((_, before)) => report.push(
                Diagnostic::error(span, "`server` is there twice").also(*before, "first here"),
            ),
        }
    }
    first.map_or_else(Server::default, |(server, _)| server)
}

/// Two flows with one name, or on one path.
fn collisions(reads: &[Read], report: &mut Report) {
    let mut names: std::collections::HashMap<&str, Span> = std::collections::HashMap::new();
    let mut routes = Routes::default();
    let mut spans: std::collections::HashMap<&str, Span> = std::collections::HashMap::new();
    for read in reads {
        if let Some(first) = names.insert(&read.name, read.name_span) {
            report.push(
                Diagnostic::error(
                    read.name_span,
                    format!("two flows are named `{}`", read.name),
                )
                .also(first, "the other one"),
            );
        }
        let Some((route, span)) = &read.route else {
            continue;
        };
        match routes.insert(route, ()) {
            Ok(()) => {
                spans.insert(route.text(), *span);
            }
            Err(conflict) => {
                let message = if conflict.with == route.text() {
                    format!("two flows are on the path `{}`", route.text())
                } else {
                    format!(
                        "`{}` takes the same paths as `{}`",
                        route.text(),
                        conflict.with
                    )
                };
                let mut diagnostic = Diagnostic::error(*span, message);
                if let Some(first) = spans.get(&*conflict.with) {
                    diagnostic = diagnostic.also(*first, "the other one");
                }
                report.push(diagnostic);
            }
        }
    }
}
