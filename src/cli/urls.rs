use std::{io, iter};

use serde_json::json;

use super::{Configuration, Exit, State, output, table};
use crate::{
    app::{self, Disk, StateDir},
    graph,
    model::{Auth, Flow, Mode, Trigger},
    run::Value,
};

/// `hookyard urls [FILE]`: list each flow's mode, methods and URL. Credentials are never shown.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Urls {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    state: State,
    /// A JSON array for machines
    #[arg(long, conflicts_with = "curl")]
    json: bool,
    /// A paste-ready curl command for each flow
    #[arg(long)]
    curl: bool,
}

/// What to do where a server's generated paths are to be shown, and it is not its directory.
const ELSEWHERE: &str = "generated URLs are those of a server only with its state directory, \
    which --state DIR names";

/// One flow as it is listed.
struct Row<'f> {
    flow: &'f Flow,
    trigger: &'f Trigger,
    url: String,
}

impl Urls {
    pub fn run(self) -> Exit {
        let file = match self.configuration.find() {
            Ok(file) => file,
            Err(exit) => return exit,
        };
        let loaded = app::load(file, &Disk);
        let Some(configuration) = &loaded.configuration else {
            output::complain(&loaded.report.render(app::style(&io::stderr())));
            return Exit::BrokenConfiguration;
        };
        let is_generated = |flow: &Flow| {
            let trigger = flow.trigger.as_ref();
            trigger.is_some_and(|trigger| trigger.route.is_none())
        };
        // The state directory is only touched where a path is made from it.
        let secret = if configuration.flows.iter().any(is_generated) {
            let given = self.state.directory.as_deref();
            let new = StateDir::without_secret(given, file);
            match StateDir::open(given, file).and_then(|state| state.secret()) {
                Ok(secret) => {
                    if let Some(directory) = new {
                        output::warn(&format!(
                            "a new installation secret was made in {}: {ELSEWHERE}",
                            directory.display()
                        ));
                    }
                    secret
                }
                Err(message) => return output::fail(&format!("{message}: {ELSEWHERE}")),
            }
        } else {
            Vec::new()
        };
        let server = &configuration.server;
        let base = app::base_url(server, &server.listen);
        let rows: Vec<_> = configuration
            .flows
            .iter()
            .zip(app::paths(configuration, &secret))
            .filter_map(|(flow, path)| {
                Some(Row {
                    flow,
                    trigger: flow.trigger.as_ref()?,
                    url: format!("{base}{}", path?),
                })
            })
            .collect();
        output::print(&if self.json {
            let rows: Vec<_> = rows.iter().map(Row::json).collect();
            format!("{:#}\n", Value::Array(rows))
        } else if self.curl {
            let commands = rows.iter().map(|row| {
                let command = graph::curl(row.trigger, &row.url);
                format!("# {}\n{command}\n", row.flow.name)
            });
            commands.collect::<Vec<_>>().join("\n")
        } else {
            table(&rows)
        })
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let head = ["FLOW", "MODE", "METHODS", "URL"].map(str::to_owned);
    let rows = rows.iter().map(|row| {
        [
            row.flow.name.clone(),
            row.mode().to_owned(),
            row.methods().join(","),
            row.url.clone(),
        ]
    });
    table::table(iter::once(head).chain(rows), |_, cell| cell.to_owned())
}

impl Row<'_> {
    fn mode(&self) -> &'static str {
        match self.flow.mode {
            Mode::Sync => "sync",
            Mode::Async => "async",
        }
    }

    fn methods(&self) -> Vec<&str> {
        self.trigger
            .methods
            .iter()
            .map(http::Method::as_str)
            .collect()
    }

    fn json(&self) -> Value {
        json!({
            "flow": self.flow.name,
            "mode": self.mode(),
            "methods": self.methods(),
            "url": self.url,
            "auth": self.trigger.auth.iter().map(|auth| match auth {
                Auth::Basic(_) => "basic",
            }).collect::<Vec<_>>(),
        })
    }
}
