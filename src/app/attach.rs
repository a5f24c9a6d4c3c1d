use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    str::FromStr,
    sync::Arc,
};

use super::{StateDir, edited, flow_text::flow_text, redactor::redactor, redo, screen::Screen};
use crate::{
    attach::{self, Answer, Client, Hub, Means, PATIENCE, Past, Pins, Redact, SOCKET, Server},
    dashboard::Source,
    event::Accepted,
    http::World,
    observe::{BodyPart, Question, Wanted, cut_bodies},
    run::{FlowShape, Outcome, RunId, Value, from_millis},
    store::{HistoryFilter, HistorySummary, QueueFilter, QueueSummary, Reader, State},
    system::SocketFile,
};

/// How many of the last runs a viewer is told who comes.
const RECENT: u32 = 200;
/// How many that have not ended.
const WAITING: u32 = 200;
/// How many of the last failures beside them.
const FAILURES: usize = 50;
/// How many dead runs are told who asks for them.
const DEAD: u32 = 200;

/// Where viewers come in.
pub(super) struct Door {
    /// Who tells them.
    server: Server,
    /// Where they knock, as long as it is open.
    socket: Option<SocketFile>,
    /// What leads there, and is to be removed when it closes.
    link: Option<PathBuf>,
}

impl Door {
    /// A door for viewers in this process alone, whose `pins` others may ask for.
    pub fn new(world: &Arc<World>, state: &StateDir, file: &Path, pins: Pins) -> Self {
        // It listens on beyond the last viewer, and must not keep the store open by that.
        let served = Arc::downgrade(world);
        let redactor = move || Some(redactor(&served.upgrade()?.graph.load().secrets));
        let of_texts = redactor.clone();
        let redact = Redact {
            record: Box::new(move |record| {
                redactor().map_or(Value::Null, |redactor| redactor.record(record))
            }),
            text: Box::new(move |text| {
                of_texts().map_or_else(String::new, |redactor| redactor.text_alone(text))
            }),
        };
        let hub = Hub::new(world.bus.clone(), redact);
        let revision_of = Arc::downgrade(world);
        let (past_of, state, configuration) = (state.clone(), state.clone(), file.to_owned());
        let means = Means {
            hub,
            file: file.display().to_string(),
            pins,
            past: Box::new(move |wanted, tell| past(past_of.path(), wanted, tell)),
            answer: Box::new(move |question| match question {
                Question::Source(flow) => Some(source(&state, &*revision_of.upgrade()?, &flow)),
                question => answer(&state, &configuration, &question),
            }),
            patience: PATIENCE,
        };
        Self {
            server: Server::new(means),
            socket: None,
            link: None,
        }
    }

    /// Opens it to other processes of this user. `runtime` is a directory for what ends with this
    /// one, where the system gives one.
    ///
    /// # Errors
    /// The sentence says why nobody can come in.
    pub async fn open(&mut self, state: &StateDir, runtime: Option<&Path>) -> Result<(), String> {
        let place = socket(state, runtime);
        let (listener, file) = attach::listen(&place).await?;
        self.socket = Some(file);
        let known = state.path().join(SOCKET);
        if place != known {
            // Whoever knows the state directory alone finds it, too.
            self.lead(&known, &place)
                .map_err(|error| format!("{} cannot be written: {error}", known.display()))?;
        }
        let server = self.server.clone();
        tokio::spawn(async move { server.accept(listener).await });
        Ok(())
    }

    /// The dashboard of this process: a viewer like any other, which is cut off where it stalls,
    /// and comes back.
    ///
    /// # Errors
    /// There is no thread for it, or signals cannot be handled.
    pub fn screen(&self, file: String) -> io::Result<Screen> {
        let server = self.server.clone();
        let feed = Client::follow(move || server.connect(), false)?;
        Screen::open(Box::new(feed), Source::Live, false, file)
    }

    fn lead(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        match fs::remove_file(from) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        std::os::unix::fs::symlink(std::path::absolute(to)?, from)?;
        self.link = Some(from.to_owned());
        Ok(())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        if let Some(link) = &self.link {
            // It is replaced by the next server where it stays.
            let _ = fs::remove_file(link);
        }
    }
}

/// systemd's `$RUNTIME_DIRECTORY`; of several, separated by colons, the first is ours.
pub fn runtime_directory() -> Option<PathBuf> {
    let paths = std::env::var_os("RUNTIME_DIRECTORY")?;
    std::env::split_paths(&paths)
        .next()
        .filter(|path| !path.as_os_str().is_empty())
}

/// Where a server listens for viewers. In a runtime directory it has one of its own: the sockets
/// of others may be beside it, which are not only for this user.
pub fn socket(state: &StateDir, runtime: Option<&Path>) -> PathBuf {
    match runtime {
        Some(runtime) => runtime.join("attach").join(SOCKET),
        None => state.path().join(SOCKET),
    }
}

/// The runs that are wanted, the oldest first.
fn past(directory: &Path, wanted: &Wanted, tell: &mut dyn FnMut(Past) -> bool) {
    // Where nothing can be read of the past, what happens is told all the same.
    let Ok(reader) = Reader::open(directory) else {
        return;
    };
    match wanted {
        Wanted::Latest => latest(&reader, tell),
        Wanted::Dead(flow) => {
            let (ids, of) = dead(&reader, flow.as_deref());
            let count = ids.len() as u64;
            let _ = tell(Past::Found { count, of })
                && ids.iter().all(|id| tell_ended(&reader, id, tell));
        }
    }
}

/// The runs that have not ended, the last runs, and the last failures before them, the oldest first.
fn latest(reader: &Reader, tell: &mut dyn FnMut(Past) -> bool) {
    // In this order: what ends in between is in both, and not in neither.
    let mut waiting = waiting(reader);
    let ended = last(reader);
    waiting.retain(|run| ended.iter().all(|ended| ended.id != run.id));
    let mut waiting = waiting.into_iter().peekable();
    for summary in ended {
        let key = (summary.accepted_ms, &summary.id);
        while let Some(run) = waiting.next_if(|run| (run.accepted_ms, &run.id) < key) {
            if !tell_waiting(&run, tell) {
                return;
            }
        }
        if !tell_ended(reader, &summary.id, tell) {
            return;
        }
    }
    for run in waiting {
        if !tell_waiting(&run, tell) {
            return;
        }
    }
}

/// The last runs that have not ended, the oldest first. Dead ones have.
fn waiting(reader: &Reader) -> Vec<QueueSummary> {
    let of = |states: &[State]| {
        let filter = QueueFilter {
            states: states.to_vec(),
            ..QueueFilter::default()
        };
        reader.queue(&filter, WAITING).unwrap_or_default()
    };
    // Those that the others wait for may be older than all of these.
    let mut waiting = of(&[State::Running, State::Parked]);
    let room = (WAITING as usize).saturating_sub(waiting.len());
    waiting.extend(of(&[State::Pending]).into_iter().take(room));
    waiting.sort_by(|one, other| (one.accepted_ms, &one.id).cmp(&(other.accepted_ms, &other.id)));
    waiting
}

/// Whether more is wanted. What was removed meanwhile is passed over.
fn tell_ended(reader: &Reader, id: &str, tell: &mut dyn FnMut(Past) -> bool) -> bool {
    let record = reader.record(id).ok().flatten();
    let record = record.and_then(|record| Value::from_str(&record).ok());
    match RunId::parse(id).zip(record) {
        Some((id, mut record)) => {
            cut_bodies(&mut record);
            tell(Past::Ended { id, record })
        }
        None => true,
    }
}

/// Whether more is wanted.
fn tell_waiting(run: &QueueSummary, tell: &mut dyn FnMut(Past) -> bool) -> bool {
    let Some(id) = RunId::parse(&run.id) else {
        return true;
    };
    tell(Past::Unended {
        run: Accepted {
            id,
            flow: Arc::new(FlowShape::named(&*run.flow)),
            at: from_millis(run.accepted_ms),
            answered: None,
        },
        due: run.due_ms.map(from_millis),
    })
}

/// The latest dead runs, the oldest first, and how many there are.
fn dead(reader: &Reader, flow: Option<&str>) -> (Vec<String>, u64) {
    let filter = QueueFilter {
        flow: flow.map(str::to_owned),
        states: vec![State::Dead],
        ..QueueFilter::default()
    };
    let latest = reader.queue(&filter, DEAD).unwrap_or_default();
    let all = reader.dead_by_flow().unwrap_or_default();
    let meant = all
        .iter()
        .filter(|(name, _)| flow.is_none_or(|flow| flow == name));
    let of = meant.map(|(_, count)| u64::try_from(*count).unwrap_or_default());
    (
        latest.into_iter().rev().map(|run| run.id).collect(),
        of.sum(),
    )
}

fn last(reader: &Reader) -> Vec<HistorySummary> {
    let mut last = reader
        .history(&HistoryFilter::default(), RECENT)
        .unwrap_or_default();
    let known: HashSet<String> = last.iter().map(|run| run.id.clone()).collect();
    let mut failures: Vec<HistorySummary> = [
        Outcome::Failed,
        Outcome::TimedOut,
        Outcome::Cancelled,
        Outcome::Dead,
    ]
    .into_iter()
    .flat_map(|outcome| {
        let filter = HistoryFilter {
            outcome: Some(outcome.to_string()),
            ..HistoryFilter::default()
        };
        // The newest may all be among those that are told anyway.
        let most = RECENT + FAILURES as u32;
        reader.history(&filter, most).unwrap_or_default()
    })
    .filter(|run| !known.contains(&run.id))
    .collect();
    failures.sort_by(|one, other| (other.accepted_ms, &other.id).cmp(&(one.accepted_ms, &one.id)));
    failures.truncate(FAILURES);
    last.append(&mut failures);
    last.sort_by(|one, other| (one.accepted_ms, &one.id).cmp(&(other.accepted_ms, &other.id)));
    last
}

fn answer(state: &StateDir, file: &Path, question: &Question) -> Option<Answer> {
    let answered = match question {
        Question::Get(run) => {
            let record = record(state, *run).map(|mut record| {
                cut_bodies(&mut record);
                Answer::Record(record)
            });
            return Some(found(record));
        }
        Question::Body(at) => {
            let record = record(state, at.run);
            let part = record.and_then(|record| BodyPart::find(&record, *at));
            return Some(Answer::Body(*at, part));
        }
        Question::Replay(run) => match redo::replay(state, file, *run) {
            Ok(new) => {
                let title = format!("Replay of {}", run.short());
                return Some(begun(title, format!("{run} is replayed"), new));
            }
            Err(why) => Err(why),
        },
        Question::DryRun(run) => redo::dry_run(state, file, *run),
        Question::Try(edited) => match edited::rehearse(state, file, edited) {
            Ok((tried, record)) => return Some(Answer::Tried { tried, record }),
            Err(why) => Err(why),
        },
        Question::Send(edited) => match edited::send(state, file, edited) {
            Ok(new) => {
                let run = edited.run;
                let title = format!("{}, edited", run.short());
                return Some(begun(title, format!("{run}, edited, is sent"), new));
            }
            Err(why) => Err(why),
        },
        // They are told one by one, or there is nothing to tell.
        Question::Dead(_) | Question::Pin(_) | Question::Source(_) => return None,
    };
    let run = question.run()?.short();
    let (title, text) = match answered {
        Ok(text) => (format!("Dry run of {run}"), text),
        Err(why) => (
            "Not done".to_owned(),
            format!("{run} cannot be replayed: {why}"),
        ),
    };
    Some(Answer::Text { title, text })
}

fn begun(title: String, what: String, run: RunId) -> Answer {
    let text = format!("{what} as {run}\n");
    Answer::Begun { title, text, run }
}

fn source(state: &StateDir, world: &World, flow: &str) -> Answer {
    let revision = Arc::clone(&world.graph.load().revision);
    let written = Reader::open(state.path())
        .map_err(|error| error.to_string())
        .and_then(|reader| flow_text(&reader, &revision, flow));
    found(written.map(|(text, place)| Answer::Source {
        title: format!("{flow}, {place}"),
        text,
    }))
}

fn record(state: &StateDir, run: RunId) -> Result<Value, String> {
    Reader::open(state.path())
        .map_err(|error| error.to_string())
        .and_then(|reader| reader.record(&run.to_string()))
        .and_then(|record| record.ok_or_else(|| format!("the history has no run {run}")))
        .and_then(|record| Value::from_str(&record).map_err(|error| error.to_string()))
}

fn found(looked_up: Result<Answer, String>) -> Answer {
    looked_up.unwrap_or_else(|text| Answer::Text {
        title: "Not found".to_owned(),
        text,
    })
}
