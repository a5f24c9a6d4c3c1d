use std::{
    io, iter,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{row::Wanted, status::Status};
use crate::{
    app::{self, Disk, load},
    cli::{
        Configuration, Exit, State, output,
        past::{Past, Where, read},
        table,
        time::{ago, duration},
    },
    diagnostic::{did_you_mean, nearest},
};

/// `hookyard runs [FILE]`: the latest runs.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct List {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    state: State,
    /// Only runs of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Only runs that ended like this, or stand there
    #[arg(long, value_enum, value_name = "OUTCOME")]
    outcome: Option<Status>,
    /// Only runs whose request came in the last so long
    #[arg(long, value_name = "TIME", value_parser = duration)]
    since: Option<Duration>,
    /// Only runs with this text in their request, variables, steps or response
    #[arg(long)]
    text: Option<String>,
    /// How many at most
    #[arg(long, default_value_t = 50, value_name = "COUNT", value_parser = count)]
    limit: u32,
    /// One JSON object a line for machines
    #[arg(long)]
    json: bool,
}

const HEAD: [&str; 6] = ["ID", "RECEIVED (UTC)", "FLOW", "STATUS", "TOOK", "WHY"];
/// Where the status stands in it.
const STATUS: usize = 3;

impl List {
    pub fn run(self) -> Result<Exit, Exit> {
        let past = Past::open(&Where {
            file: PathBuf::from(&self.configuration.file),
            state: self.state,
        })?;
        let wanted = Wanted {
            flow: self.flow,
            status: self.outcome,
            since_ms: self.since.map(ago),
            before_ms: None,
            text: self.text,
        };
        let rows = read(wanted.rows(&past, self.limit))?;
        if self.json {
            let lines = rows.iter().map(|row| Ok(format!("{}\n", row.json(&past)?)));
            return Ok(output::print(&read(lines.collect::<Result<String, _>>())?));
        }
        if rows.is_empty() {
            let why = match &wanted.flow {
                Some(flow) => unknown(flow, &past, Path::new(&self.configuration.file))?,
                None => None,
            };
            let why = why.unwrap_or_else(|| "there are no such runs".to_owned());
            output::warn(&why);
            return Ok(Exit::Success);
        }
        let is_colored = app::color_allowed(&io::stdout());
        let colors: Vec<_> = rows
            .iter()
            .map(|row| (row.status.to_string(), row.status.color()))
            .collect();
        let cells = rows.iter().map(super::row::Row::cells);
        let head = HEAD.map(str::to_owned);
        let text = table::table(iter::once(head).chain(cells), |column, cell| {
            let color = colors.iter().find(|(status, _)| status == cell);
            match color.filter(|_| is_colored && column == STATUS) {
                Some((_, color)) => format!("\u{1b}[{color}m{cell}\u{1b}[0m"),
                None => cell.to_owned(),
            }
        });
        Ok(output::print(&text))
    }
}

/// How many runs are listed.
fn count(text: &str) -> Result<u32, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| "say how many, from 1 on".to_owned())
}

/// That no flow has this name, where it is in no run and not in the file either.
fn unknown(name: &str, past: &Past, file: &Path) -> Result<Option<String>, Exit> {
    let any = Wanted {
        flow: Some(name.to_owned()),
        ..Wanted::default()
    };
    // Whatever else was asked for, it has run.
    if !read(any.rows(past, 1))?.is_empty() {
        return Ok(None);
    }
    // What a broken file has is not known.
    let Some(configuration) = load(file, &Disk).configuration else {
        return Ok(None);
    };
    let flows = || configuration.flows.iter().map(|flow| &*flow.name);
    if flows().any(|flow| flow == name) {
        return Ok(None);
    }
    let near = nearest(name, flows()).map(did_you_mean);
    let near = near.map_or_else(String::new, |near| format!(": {near}"));
    Ok(Some(format!("there is no flow `{name}`{near}")))
}
