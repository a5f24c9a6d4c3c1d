use std::{
    collections::BTreeSet,
    io,
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{
    Exit,
    confirm::confirm,
    output,
    past::{Past, Where, read, short},
    time::{ago, duration},
};
use crate::{
    app::{self, Rehearsed, Today, Unready},
    graph::{Flow, StepKind},
    observe::{REDACTED, neutral},
    queue::Entry,
    run::{Request, Value},
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
    /// All runs that were accepted in the last so long and have ended; no refused or skipped request
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
    #[command(flatten)]
    place: Where,
}

/// A run that was, and the one that is to be.
struct Renewed<'t> {
    /// The old run's id.
    old: String,
    /// What is known of it.
    record: Value,
    /// Whether all of its request is known.
    is_whole: bool,
    flow: &'t Arc<Flow>,
    entry: Entry,
}

/// The steps that act on the world.
const EFFECTS: [&str; 2] = ["http", "exec"];

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
            match self.renew(&past, &today, &id) {
                Ok(run) => renewed.extend(run),
                Err(why) => exit = output::fail(&format!("{id} cannot be replayed: {why}")),
            }
        }
        if renewed.is_empty() {
            if exit == Exit::Success {
                output::print("there is nothing to replay\n");
            }
            return Ok(exit);
        }
        if self.dry_run {
            for run in &renewed {
                read(rehearse(run, &today))?;
            }
            return Ok(exit);
        }
        confirm(&question(&renewed), self.yes)?;
        let mut visitor = past.visitor()?;
        for run in &renewed {
            let offered = visitor.replay(&run.old, &today.revision, &run.entry.to_row());
            read(offered.map_err(|fault| fault.to_string()))?;
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

    /// The new run of an old one; `None` where it is of another flow than asked for.
    fn renew<'t>(
        &self,
        past: &Past,
        today: &'t Today,
        id: &str,
    ) -> Result<Option<Renewed<'t>>, String> {
        let stands = past.reader.stands(id)?;
        let is_whole = stands.is_some();
        let record = past.reader.record(id)?;
        let record: Value = match record {
            Some(record) => serde_json::from_str(&record).map_err(|error| error.to_string())?,
            None => return Err("it has not ended".to_owned()),
        };
        let record = app::whole_story(&past.reader, record)?;
        // A dead run is kept whole; of others there is what the history has.
        let (flow, request) = match stands {
            Some(stands) => {
                let row = past.reader.queued(stands.seq)?;
                let row = row.ok_or("it is no longer there")?;
                let entry = Entry::from_row(row)?;
                (entry.flow.to_string(), entry.request)
            }
            None => {
                let flow = record["flow"].as_str().unwrap_or_default();
                (flow.to_owned(), app::old_request(&record, self.dry_run)?)
            }
        };
        if self.flow.as_ref().is_some_and(|wanted| *wanted != flow) {
            return Ok(None);
        }
        let flow = today.flow(&flow)?;
        Ok(Some(Renewed {
            old: id.to_owned(),
            record,
            is_whole,
            flow,
            entry: today.renew(flow, now(request))?,
        }))
    }
}

/// The request as if it came now.
fn now(request: Request) -> Request {
    Request {
        received: SystemTime::now(),
        ..request
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
        let mut effects = Vec::new();
        if let Some(run) = runs.next() {
            gather_effects(run.flow, &mut Vec::new(), &mut effects);
        }
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

/// The steps of a flow that act on the world, and of those that it calls, each flow once.
fn gather_effects<'f>(flow: &'f Flow, seen: &mut Vec<&'f str>, effects: &mut Vec<String>) {
    if seen.contains(&&*flow.name) {
        return;
    }
    seen.push(&flow.name);
    for (step, shape) in flow.steps.iter().zip(&flow.shape.steps) {
        if EFFECTS.contains(&shape.kind) {
            effects.push(neutral(&shape.to_string()).into_owned());
        }
        if let StepKind::Call(call) = &step.kind {
            gather_effects(&call.flow, seen, effects);
        }
    }
}

/// Prints which way a run would go.
fn rehearse(run: &Renewed<'_>, today: &Today) -> Result<(), String> {
    let is_obscured = !run.is_whole && may_read_redacted(&run.record, today);
    let rehearsed = app::rehearse(run.flow, &run.entry, &run.record, is_obscured)?;
    output::print(&told(run, &rehearsed));
    Ok(())
}

fn told(run: &Renewed<'_>, rehearsed: &Rehearsed) -> String {
    let revision = &run.entry.revision;
    let then = run.record["revision"].as_str().unwrap_or_default();
    let mut text = format!(
        "{} {}, revision {revision}",
        run.entry.flow,
        short(&run.old)
    );
    if then != &**revision {
        text += &format!(" (was {then})");
    }
    text.push('\n');
    for (step, verdict) in &rehearsed.steps {
        text += &format!("  {verdict:<9}{}\n", neutral(step));
    }
    text += &format!("  path: {}, end: {}", rehearsed.path, rehearsed.outcome);
    if let Some(ends) = &rehearsed.ends {
        text += &format!(" ({})", neutral(ends));
    }
    text.push('\n');
    text
}

/// Whether the configuration may look at headers or parameters that were redacted, other than by
/// `parse`, whose variables show it.
fn may_read_redacted(record: &Value, today: &Today) -> bool {
    let request = &record["request"];
    let mentions = |word: &str| today.revision.files.contains(word);
    let holds = |value: &Value| value.to_string().contains(REDACTED);
    let (headers, query) = (holds(&request["headers"]), holds(&request["target"]));
    (headers && mentions("request.headers"))
        || (query && mentions("request.query"))
        || ((headers || query) && mentions("request["))
}
