use std::io;

use serde_json::json;

use super::{Configuration, Exit, State, output};
use crate::{
    app::{self, Disk, StateDir},
    expr::Segment,
    model::{Auth, BodySource, Flow, Mode, ParseSource, Route},
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

/// What stands where only the reader knows a value.
const SAMPLE: &str = "example";

/// One flow as it is listed.
struct Row<'f> {
    flow: &'f Flow,
    url: String,
}

impl Urls {
    pub fn run(self) -> Exit {
        let file = &self.configuration.file;
        let loaded = app::load(file, &Disk);
        let Some(configuration) = &loaded.configuration else {
            output::complain(&loaded.report.render(app::style(&io::stderr())));
            return Exit::BrokenConfiguration;
        };
        let is_generated = |flow: &Flow| flow.trigger.route.is_none();
        // The state directory is only touched where a path is made from it.
        let secret = if configuration.flows.iter().any(is_generated) {
            let state = StateDir::locate(self.state.directory.as_deref(), file);
            match state.create().and_then(|()| state.installation_secret()) {
                Ok(secret) => secret,
                Err(error) => {
                    return output::fail(&format!(
                        "the state directory {} cannot be used: {error}",
                        state.path().display()
                    ));
                }
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
            .map(|(flow, path)| Row {
                flow,
                url: format!("{base}{path}"),
            })
            .collect();
        output::print(&if self.json {
            let rows: Vec<_> = rows.iter().map(Row::json).collect();
            format!("{:#}\n", Value::Array(rows))
        } else if self.curl {
            let commands: Vec<_> = rows.iter().map(Row::curl).collect();
            commands.join("\n")
        } else {
            table(&rows)
        })
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let cells: Vec<[String; 4]> =
        std::iter::once(["FLOW", "MODE", "METHODS", "URL"].map(str::to_owned))
            .chain(rows.iter().map(|row| {
                [
                    row.flow.name.clone(),
                    row.mode().to_owned(),
                    row.methods().join(","),
                    row.url.clone(),
                ]
            }))
            .collect();
    let width = |column: usize| {
        let widths = cells
            .iter()
            .map(|row| unicode_width::UnicodeWidthStr::width(&*row[column]));
        widths.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for [flow, mode, methods, url] in &cells {
        let pad = |cell: &str, width: usize| {
            let missing = width - unicode_width::UnicodeWidthStr::width(cell);
            format!("{cell}{}  ", " ".repeat(missing))
        };
        text += &pad(flow, widths[0]);
        text += &pad(mode, widths[1]);
        text += &pad(methods, widths[2]);
        text += url;
        text.push('\n');
    }
    text
}

impl Row<'_> {
    fn mode(&self) -> &'static str {
        match self.flow.mode {
            Mode::Sync => "sync",
            Mode::Async => "async",
        }
    }

    fn methods(&self) -> Vec<&str> {
        self.flow
            .trigger
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
            "auth": self.flow.trigger.auth.iter().map(|auth| match auth {
                Auth::Basic(_) => "basic",
            }).collect::<Vec<_>>(),
        })
    }

    /// A command that the flow would take, with placeholders for what only the reader knows.
    fn curl(&self) -> String {
        let method = self.methods()[0];
        let mut command = format!("# {}\ncurl -i", self.flow.name);
        if method != "POST" {
            command += &format!(" -X {method}");
        }
        if let Some(Auth::Basic(basic)) = self.flow.trigger.auth.first() {
            // curl asks for the password, so that it never is in a shell's history.
            command += &format!(" -u {}", quoted(&basic.user));
        }
        for entry in &self.flow.trigger.parse.entries {
            if let ParseSource::Header { name, .. } = &entry.source {
                command += &format!(" -H {}", quoted(&format!("{name}: example")));
            }
        }
        if let Some(body) = self.sample_body() {
            command += &format!(
                " -H 'Content-Type: application/json' -d {}",
                quoted(&body.to_string())
            );
        } else if method == "POST" {
            command += " -X POST";
        }
        format!("{command} {}\n", quoted(&self.sample_url()))
    }

    /// The URL with something in each parameter of its path and its query.
    fn sample_url(&self) -> String {
        let trigger = &self.flow.trigger;
        let mut url = self.url.clone();
        for name in trigger.route.iter().flat_map(Route::parameters) {
            url = url.replace(&format!("{{{name}}}"), SAMPLE);
        }
        let queries = trigger
            .parse
            .entries
            .iter()
            .filter_map(|entry| match &entry.source {
                ParseSource::Query(path) => {
                    Some(format!("{}={SAMPLE}", query_key(path.segments()?)))
                }
                _ => None,
            });
        let query = queries.collect::<Vec<_>>().join("&");
        if query.is_empty() {
            url
        } else {
            format!("{url}?{query}")
        }
    }

    /// A body that has something at each plain path.
    fn sample_body(&self) -> Option<Value> {
        let mut body = Value::Null;
        for entry in &self.flow.trigger.parse.entries {
            if let ParseSource::Body(BodySource::Plain(_, path)) = &entry.source {
                let sample = entry
                    .kind
                    .map_or(Value::from(SAMPLE), crate::model::Kind::sample);
                plant(&mut body, path.segments()?, sample);
            }
        }
        (!body.is_null()).then_some(body)
    }
}

/// A path as a query writes it: `a[b][0]`.
fn query_key(path: &[Segment]) -> String {
    let mut key = String::new();
    for segment in path {
        let text = match segment {
            Segment::Key(name) => name.to_string(),
            Segment::Index(index) => index.to_string(),
        };
        key += &if key.is_empty() {
            text
        } else {
            format!("[{text}]")
        };
    }
    key
}

/// Puts a value at a path, making what is on the way to it.
fn plant(at: &mut Value, path: &[Segment], value: Value) {
    match path.split_first() {
        None => *at = value,
        Some((Segment::Key(key), rest)) => {
            if !at.is_object() {
                *at = Value::Object(serde_json::Map::new());
            }
            plant(&mut at[&**key], rest, value);
        }
        Some((Segment::Index(index), rest)) => {
            let index = usize::try_from(*index).unwrap_or(0).min(100);
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            if let Value::Array(items) = at {
                if items.len() <= index {
                    items.resize(index + 1, Value::Null);
                }
                plant(&mut items[index], rest, value);
            }
        }
    }
}

/// Quoted for a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
