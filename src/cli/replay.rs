use std::{collections::BTreeSet, io, time::Duration};

use super::{
    Exit,
    confirm::confirm,
    output,
    past::{Past, Where, read},
    time::{ago, duration},
};
use crate::{
    app::{self, Renewed, Today, Unready, dead_no_more},
    observe::harmless_json,
    store::{HistoryFilter, QueueFilter, State},
};

/// `hookyard replay ID…`: do old requests again.
#[derive(clap::Args, Clone, Debug)]
#[command(group = clap::ArgGroup::new("which").required(true))]
pub(super) struct Replay {
    /// The runs: ids, or enough of their beginning or end
    #[arg(group = "which", value_name = "ID")]
    ids: Vec<String>,
    /// All dead runs, which are dead no more then
    #[arg(long, group = "which")]
    dead: bool,
    /// All runs whose request came in the last so long and that have ended; no refused or skipped request
    #[arg(long, group = "which", value_name = "TIME", value_parser = duration)]
    since: Option<Duration>,
    /// Only runs of this flow
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Do nothing: print which way the new runs would go, and what they would do
    #[arg(long)]
    dry_run: bool,
    /// Of each dry run one JSON object a line, for machines
    #[arg(long, requires = "dry_run")]
    json: bool,
    #[command(flatten)]
    place: Where,
}

impl Replay {
    pub fn run(self) -> Exit {
        self.replay().unwrap_or_else(|exit| exit)
    }

    fn replay(&self) -> Result<Exit, Exit> {
        let past = Past::open(&self.place)?;
        let mut exit = Exit::Success;
        let ids = self.ids(&past, &mut exit)?;
        let today = Today::load(&self.place.file, &past.state).map_err(unready)?;
        let mut renewed = Vec::new();
        for id in ids {
            let is_other = |run: &Renewed<'_>| {
                self.flow
                    .as_ref()
                    .is_some_and(|flow| *flow != *run.flow.name)
            };
            match Renewed::new(&past.reader, &today, &id, self.dry_run) {
                Ok(run) if is_other(&run) => {}
                Ok(run) if self.dead && !run.is_dead => {
                    exit = output::fail(&dead_no_more(&id));
                }
                Ok(run) => renewed.push(run),
                Err(why) => exit = output::fail(&format!("{id} cannot be replayed: {why}")),
            }
        }
        if renewed.is_empty() {
            if exit == Exit::Success && !self.json {
                output::print("there is nothing to replay\n");
            }
            return Ok(exit);
        }
        if self.dry_run {
            for run in &renewed {
                let rehearsed = read(run.rehearse(&today))?;
                output::print(&match self.json {
                    true => format!("{}\n", harmless_json(&run.json(&rehearsed).to_string())),
                    false => run.told(&rehearsed),
                });
            }
            return Ok(exit);
        }
        confirm(&question(&renewed), self.yes)?;
        let mut visitor = past.visitor()?;
        for run in &renewed {
            let row = run.entry.to_row();
            let offered = visitor.replay(&run.old, run.is_dead, &today.revision, &row);
            if !read(offered.map_err(|fault| fault.to_string()))? {
                exit = output::fail(&dead_no_more(&run.old));
                continue;
            }
            output::print(&format!("{} is replayed as {}\n", run.old, run.entry.id));
        }
        Ok(exit)
    }

    /// The runs that are meant, the oldest first.
    fn ids(&self, past: &Past, exit: &mut Exit) -> Result<Vec<String>, Exit> {
        if self.dead {
            let filter = QueueFilter {
                flow: self.flow.clone(),
                states: vec![State::Dead],
                ..QueueFilter::default()
            };
            let dead = read(past.reader.queue(&filter, u32::MAX))?;
            return Ok(dead.into_iter().rev().map(|run| run.id).collect());
        }
        if let Some(since) = self.since {
            let filter = HistoryFilter {
                flow: self.flow.clone(),
                since_ms: Some(ago(since)),
                ..HistoryFilter::default()
            };
            let ended = read(past.reader.history(&filter, u32::MAX))?;
            let runs = ended.into_iter().rev();
            return Ok(runs
                .filter(|run| !matches!(&*run.outcome, "refused" | "skipped"))
                .map(|run| run.id)
                .collect());
        }
        let mut ids = Vec::new();
        for text in &self.ids {
            match past.id(text) {
                Ok(id) if ids.contains(&id) => {}
                Ok(id) => ids.push(id),
                Err(why) => *exit = output::fail(&why),
            }
        }
        Ok(ids)
    }
}

fn unready(why: Unready) -> Exit {
    match why {
        Unready::Broken(report) => {
            output::complain(&report.render(app::style(&io::stderr())));
            Exit::BrokenConfiguration
        }
        Unready::Failed(message) => output::fail(&message),
    }
}

/// What is asked before anything is done again.
fn question(renewed: &[Renewed<'_>]) -> String {
    let mut question = String::new();
    let flows: BTreeSet<&str> = renewed.iter().map(|run| &*run.entry.flow).collect();
    for name in flows {
        let mut runs = renewed.iter().filter(|run| &*run.entry.flow == name);
        let count = runs.clone().count();
        let effects = runs.next().map(Renewed::effects).unwrap_or_default();
        let does = if effects.is_empty() {
            "without effects".to_owned()
        } else {
            format!("may do again: {}", effects.join(", "))
        };
        question += &format!(
            "{name}: {count} run{}, {does}\n",
            if count == 1 { "" } else { "s" }
        );
    }
    output::complain(&question);
    match renewed.len() {
        1 => "replay 1 run".to_owned(),
        count => format!("replay {count} runs"),
    }
}
