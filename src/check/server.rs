use std::path::PathBuf;

use super::{outbound, scalar, setting::setting};
use crate::{
    diagnostic::{Diagnostic, Report},
    model::{HistoryBounds, Listen, QueueBounds, Server, Timeouts},
    syntax::{Node, Scalar},
};

/// `server { listen "…"; public-url "…"; max-body "…"; timeouts …; max-connections …;
/// outbound { … }; queue …; history … }`.
pub(super) fn server(node: Node, report: &mut Report) -> Server {
    let defaults = Server::default();
    let mut fields = node.open();
    let mut listen = Vec::new();
    for child in fields.children_named("listen") {
        let mut line = child.open();
        let first = line.expect_argument(report, "an address like \"127.0.0.1:13000\"");
        for value in first.into_iter().chain(line.arguments()) {
            if let Some(place) = listen_place(&value, report) {
                if listen.contains(&place) {
                    report.push(Diagnostic::error(
                        value.span,
                        format!("`{place}` is listened on twice"),
                    ));
                } else {
                    listen.push(place);
                }
            }
        }
        line.finish(report);
    }
    let server = Server {
        listen: if listen.is_empty() {
            defaults.listen
        } else {
            listen
        },
        public_url: setting(&mut fields, "public-url", report, public_url).flatten(),
        max_body: setting(&mut fields, "max-body", report, |value, report| {
            scalar::bytes(value, "`max-body`", report)
        })
        .flatten()
        .unwrap_or(defaults.max_body),
        timeouts: fields
            .child("timeouts", report)
            .map_or(defaults.timeouts, |node| timeouts(node, report)),
        max_connections: setting(&mut fields, "max-connections", report, |value, report| {
            scalar::integer(value, "`max-connections`", 1, 1_000_000, report)
        })
        .flatten()
        .map_or(defaults.max_connections, |count| count as usize),
        outbound: fields
            .child("outbound", report)
            .map_or(defaults.outbound, |node| outbound::outbound(node, report)),
        queue: fields
            .child("queue", report)
            .map_or(defaults.queue, |node| queue(node, report)),
        history: fields
            .child("history", report)
            .map_or(defaults.history, |node| history(node, report)),
    };
    fields.finish(report);
    server
}

fn queue(node: Node, report: &mut Report) -> QueueBounds {
    let defaults = QueueBounds::default();
    let mut fields = node.open();
    let runs = fields
        .property("runs")
        .and_then(|value| scalar::integer(&value, "`runs`", 1, 10_000_000, report));
    let bytes = fields
        .property("bytes")
        .and_then(|value| scalar::bytes(&value, "`bytes`", report));
    fields.finish(report);
    QueueBounds {
        runs: runs.map_or(defaults.runs, |runs| runs as usize),
        bytes: bytes.map_or(defaults.bytes, |bytes| bytes as usize),
    }
}

fn history(node: Node, report: &mut Report) -> HistoryBounds {
    let defaults = HistoryBounds::default();
    let mut fields = node.open();
    let keep = fields
        .property("keep")
        .and_then(|value| scalar::duration(&value, "`keep`", report));
    let max = fields
        .property("max")
        .and_then(|value| scalar::bytes(&value, "`max`", report));
    fields.finish(report);
    HistoryBounds {
        keep: keep.unwrap_or(defaults.keep),
        max: max.unwrap_or(defaults.max),
    }
}

fn timeouts(node: Node, report: &mut Report) -> Timeouts {
    let defaults = Timeouts::default();
    let mut fields = node.open();
    let mut one = |name: &'static str, default| {
        fields
            .property(name)
            .and_then(|value| scalar::duration(&value, &format!("`{name}`"), report))
            .unwrap_or(default)
    };
    let timeouts = Timeouts {
        header: one("header", defaults.header),
        body: one("body", defaults.body),
        write: one("write", defaults.write),
    };
    fields.finish(report);
    timeouts
}

fn listen_place(value: &Scalar, report: &mut Report) -> Option<Listen> {
    if let Some(port) = value.as_integer() {
        let help = u16::try_from(port).ok().map(at_port);
        scalar::wrong_kind_helped(value, "an address is text in quotes", help, report);
        return None;
    }
    let text = scalar::name(value, "an address", report)?;
    if let Some(path) = text.value.strip_prefix("unix:") {
        if !path.starts_with('/') {
            report.push(
                Diagnostic::error(value.span, "a Unix socket takes an absolute path")
                    .help("\"unix:/run/hookyard/http.sock\""),
            );
            return None;
        }
        return Some(Listen::Unix(PathBuf::from(path)));
    }
    // `localhost` and `:8080` are what people write elsewhere; neither says which family is meant.
    match text.value.parse() {
        Ok(address) => Some(Listen::Tcp(address)),
        Err(_) => {
            let port = text.value.rsplit(':').next().unwrap_or_default();
            let help = match port.parse() {
                Ok(port) => at_port(port),
                Err(_) => "\"127.0.0.1:13000\", \"[::]:13000\" or \"unix:/run/hookyard/http.sock\""
                    .to_owned(),
            };
            report.push(
                Diagnostic::error(
                    value.span,
                    format!("{:?} is no address to listen on", text.value),
                )
                .help(help),
            );
            None
        }
    }
}

/// The addresses that somebody who says only a port may mean.
fn at_port(port: u16) -> String {
    format!("\"127.0.0.1:{port}\" for this machine alone, \"[::]:{port}\" for everybody")
}

fn public_url(value: &Scalar, report: &mut Report) -> Option<String> {
    let text = scalar::name(value, "`public-url`", report)?;
    let is_url = text.value.parse::<http::Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
            && uri
                .authority()
                .is_some_and(|authority| !authority.as_str().contains('@'))
    });
    if !is_url {
        report.push(
            Diagnostic::error(
                value.span,
                format!("{:?} is no URL that paths can be added to", text.value),
            )
            .help("\"https://hooks.example.org\": scheme, host, perhaps a path; no user, no query"),
        );
        return None;
    }
    Some(text.value.trim_end_matches('/').to_owned())
}
