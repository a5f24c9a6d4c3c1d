use std::{
    fmt, io,
    os::unix::net::UnixStream as StdStream,
    sync::Arc,
    time::{Duration, SystemTime},
};

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    runtime::Handle,
    sync::{Semaphore, mpsc},
    time::timeout,
};

use super::{
    hub::{Beginning, Hub, Seat},
    pins::Pins,
    wire::{Answer, Asked, Kind, LONGEST_QUESTION, Line, ServerHello, ViewerHello, read_question},
};
use crate::{
    event::Accepted,
    observe::{Question, Wanted},
    run::RunId,
};

/// How long a viewer may take to say hello. One that says nothing at all only listens.
const HELLO: Duration = Duration::from_secs(1);
/// How long a viewer may take nothing while something waits for it, as a rule.
pub const PATIENCE: Duration = Duration::from_secs(10);
/// Records on their way out of the history.
const AHEAD: usize = 8;

/// Tells viewers what happens, and answers what they ask.
#[derive(Clone)]
pub struct Server {
    shared: Arc<Shared>,
}

/// What a server needs.
pub struct Means {
    /// Where the lines come from.
    pub hub: Hub,
    /// What the configuration's file is called.
    pub file: String,
    /// Gives the runs that are wanted, the oldest first, until it is told that it is enough. It may
    /// take its time.
    pub past: Box<TellPast>,
    /// What viewers have pinned.
    pub pins: Pins,
    /// Answers a question, where there is an answer to it. It may take its time.
    pub answer: Box<dyn Fn(Question) -> Option<Answer> + Send + Sync>,
    /// How long a viewer may take nothing while something waits for it, until it is cut off.
    pub patience: Duration,
}

/// Gives the runs that are wanted to a function until that says it is enough.
pub type TellPast = dyn Fn(&Wanted, &mut dyn FnMut(Past) -> bool) + Send + Sync;

/// What is known of before.
#[derive(Clone, Debug)]
pub enum Past {
    /// So many runs follow, of so many that there are.
    Found {
        /// How many follow.
        count: u64,
        /// How many there are.
        of: u64,
    },
    /// A run that has not ended.
    Unended {
        /// That it was accepted.
        run: Accepted,
        /// When it goes on, where it is parked.
        due: Option<SystemTime>,
    },
    /// One that the history has.
    Ended {
        /// Its id.
        id: RunId,
        /// Its record.
        record: serde_json::Value,
    },
}

impl Past {
    fn run(&self) -> Option<RunId> {
        match self {
            Self::Found { .. } => None,
            Self::Unended { run, .. } => Some(run.id),
            Self::Ended { id, .. } => Some(*id),
        }
    }
}

struct Shared {
    means: Means,
    runtime: Handle,
    /// One question is answered at a time, whoever asks.
    asking: Semaphore,
}

impl Server {
    /// A server on this runtime.
    ///
    /// # Panics
    /// There is no runtime.
    pub fn new(means: Means) -> Self {
        Self {
            shared: Arc::new(Shared {
                means,
                runtime: Handle::current(),
                asking: Semaphore::new(1),
            }),
        }
    }

    /// A viewer's end, within this process.
    ///
    /// # Errors
    /// The system has no more sockets to give.
    pub fn connect(&self) -> io::Result<StdStream> {
        let (ours, theirs) = StdStream::pair()?;
        ours.set_nonblocking(true)?;
        let _inside = self.shared.runtime.enter();
        let stream = UnixStream::from_std(ours)?;
        self.shared
            .runtime
            .spawn(attend(stream, Arc::clone(&self.shared)));
        Ok(theirs)
    }

    /// Takes viewers of this user, and of root.
    pub async fn accept(&self, listener: UnixListener) {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // No more descriptors, as a rule, which others let go of.
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            if is_trusted(&stream) {
                tokio::spawn(attend(stream, Arc::clone(&self.shared)));
            }
        }
    }
}

/// Whether the other end is this user's process, or root's.
fn is_trusted(stream: &UnixStream) -> bool {
    let ours = rustix::process::geteuid().as_raw();
    stream
        .peer_cred()
        .is_ok_and(|peer| peer.uid() == ours || peer.uid() == 0)
}

/// Tells a viewer everything until it goes, or is cut off.
async fn attend(stream: UnixStream, shared: Arc<Shared>) {
    let (read, write) = stream.into_split();
    let mut questions = Questions::new(read);
    let mut out = Out {
        stream: write,
        patience: shared.means.patience,
    };
    // How it ended is nobody's business: the viewer is gone.
    let _ = converse(&mut questions, &mut out, &shared).await;
}

async fn converse(
    questions: &mut Questions,
    out: &mut Out,
    shared: &Arc<Shared>,
) -> io::Result<()> {
    let hub = &shared.means.hub;
    let hello = ServerHello {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        boot: hub.boot(),
        seq: hub.seq(),
        file: shared.means.file.clone(),
    };
    out.write(&hello.line().text).await?;
    let said = match timeout(HELLO, questions.next()).await {
        Ok(Some(text)) => ViewerHello::read(&text),
        // It only listens.
        Ok(None) | Err(_) => Ok(ViewerHello::default()),
    };
    let viewer = match said {
        Ok(viewer) => viewer,
        Err(why) => {
            let body = json!({ "text": why });
            let refusal = Line::new("refused", None, Kind::Kept, &body);
            return out.write(&refusal.text).await;
        }
    };
    let (seat, beginning, seq) = hub.join(viewer.seen)?;
    match beginning {
        Beginning::Missed(lines) => out.write_all(&lines).await?,
        Beginning::Snapshot { standing, recent } => {
            let snapshot = Line::new("snapshot", None, Kind::Kept, &json!({}));
            out.write(&snapshot.text).await?;
            out.write_all(&standing).await?;
            past(out, shared, Wanted::Latest, "run", &recent).await?;
            out.write_all(&recent).await?;
        }
    }
    let live = Line::new("live", Some(seq), Kind::Kept, &json!({}));
    out.write(&live.text).await?;
    let pinned = shared.means.pins.of_viewer();
    loop {
        tokio::select! {
            text = seat.viewer.next() => out.write(&text).await?,
            asked = questions.next(), if !questions.is_over => {
                match asked.as_deref().map(read_question) {
                    // They may be many, and wait for the viewer to take them.
                    Some(Ok(Asked::Question(Question::Dead(flow)))) => {
                        past(out, shared, Wanted::Dead(flow), "past", &[]).await?;
                    }
                    Some(Ok(Asked::Question(Question::Pin(runs)))) => pinned.set(runs),
                    Some(Ok(Asked::Question(question))) if question.acts() && viewer.read_only => {
                        refuse(&seat, "this viewer is read-only".to_owned());
                    }
                    Some(Ok(Asked::Question(question))) => answer(question, &seat, shared),
                    Some(Ok(Asked::View(run))) => seat.look(run),
                    Some(Err(why)) => refuse(&seat, why),
                    None => {}
                }
            }
        }
    }
}

/// Tells what the history has, beside what is told anyway, in messages of that name.
async fn past(
    out: &mut Out,
    shared: &Arc<Shared>,
    wanted: Wanted,
    name: &'static str,
    recent: &[Arc<Line>],
) -> io::Result<()> {
    let told: Vec<RunId> = recent
        .iter()
        .filter_map(|line| match line.kind {
            Kind::Run(id) => Some(id),
            _ => None,
        })
        .collect();
    let (tell, mut lines) = mpsc::channel::<Line>(AHEAD);
    let reading = Arc::clone(shared);
    tokio::task::spawn_blocking(move || {
        (reading.means.past)(&wanted, &mut |past| {
            if past.run().is_some_and(|run| told.contains(&run)) {
                return true;
            }
            let line = match past {
                Past::Found { count, of } => {
                    let body = json!({ "count": count, "of": of });
                    Line::new("found", None, Kind::Kept, &body)
                }
                Past::Unended { run, due } => reading.means.hub.unended(run, due),
                Past::Ended { id, record } => {
                    let body = json!({ "record": record });
                    Line::new(name, None, Kind::Run(id), &body)
                }
            };
            tell.blocking_send(line).is_ok()
        });
    });
    while let Some(line) = lines.recv().await {
        out.write(&line.text).await?;
    }
    Ok(())
}

fn refuse(seat: &Seat, text: String) {
    let title = "Not done".to_owned();
    seat.viewer
        .push(Arc::new(Answer::Text { title, text }.line()));
}

/// Has a question answered in its own time.
fn answer(question: Question, seat: &Seat, shared: &Arc<Shared>) {
    let (viewer, shared) = (Arc::clone(&seat.viewer), Arc::clone(shared));
    tokio::spawn(async move {
        let Ok(_permit) = shared.asking.acquire().await else {
            return;
        };
        let answering = Arc::clone(&shared);
        let answer = tokio::task::spawn_blocking(move || (answering.means.answer)(question)).await;
        // A task that panicked has nothing to say.
        if let Ok(Some(answer)) = answer {
            viewer.push(Arc::new(answer.line()));
        }
    });
}

/// What a viewer says, line by line.
struct Questions {
    stream: OwnedReadHalf,
    read: Vec<u8>,
    is_over: bool,
}

impl Questions {
    fn new(stream: OwnedReadHalf) -> Self {
        Self {
            stream,
            read: Vec::new(),
            is_over: false,
        }
    }

    /// The next line; `None` where none comes any more. Nothing is lost where it is not waited for
    /// to the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            if let Some(end) = self.read.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                return Some(String::from_utf8_lossy(&line).into_owned());
            }
            let is_whole = self.read.len() <= LONGEST_QUESTION;
            if !is_whole || !matches!(self.stream.read_buf(&mut self.read).await, Ok(1..)) {
                self.is_over = true;
                return None;
            }
        }
    }
}

/// The way to a viewer.
struct Out {
    stream: OwnedWriteHalf,
    patience: Duration,
}

impl Out {
    async fn write_all(&mut self, lines: &[Arc<Line>]) -> io::Result<()> {
        for line in lines {
            self.write(&line.text).await?;
        }
        Ok(())
    }

    /// Writes as long as the viewer takes something now and then.
    async fn write(&mut self, text: &str) -> io::Result<()> {
        let mut bytes = text.as_bytes();
        while !bytes.is_empty() {
            let written = timeout(self.patience, self.stream.write(bytes)).await??;
            if written == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            bytes = &bytes[written..];
        }
        Ok(())
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("hub", &self.shared.means.hub)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};

    use super::*;
    use crate::{attach::Redact, event::Bus, run::Value};

    /// How long the test waits for what must come.
    const AT_MOST: Duration = Duration::from_secs(60);

    /// A server that has more to tell of the past than any socket takes in.
    fn talkative(patience: Duration, given_up: std::sync::mpsc::Sender<()>) -> Server {
        let past = move |_: &Wanted, tell: &mut dyn FnMut(Past) -> bool| {
            let run = Past::Ended {
                id: RunId::from_u128(7),
                record: "x".repeat(64 << 10).into(),
            };
            while tell(run.clone()) {}
            // The test may be over.
            let _ = given_up.send(());
        };
        Server::new(Means {
            hub: Hub::new(
                Bus::default(),
                Redact {
                    record: Box::new(|_| Value::Null),
                    text: Box::new(str::to_owned),
                },
            ),
            file: String::new(),
            past: Box::new(past),
            pins: Pins::default(),
            answer: Box::new(|_| None),
            patience,
        })
    }

    #[test]
    fn a_viewer_that_takes_nothing_for_too_long_is_cut_off() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let (give_up, given_up) = std::sync::mpsc::channel();
        let server = {
            let _inside = runtime.enter();
            talkative(Duration::from_millis(20), give_up)
        };
        let mut viewer = server.connect().unwrap();
        viewer.set_read_timeout(Some(AT_MOST)).unwrap();
        let hello = ViewerHello::default().line();
        viewer.write_all(hello.text.as_bytes()).unwrap();
        given_up.recv_timeout(AT_MOST).unwrap();
        // What was on its way is there, and nothing behind it.
        let mut told = Vec::new();
        viewer.read_to_end(&mut told).unwrap();
        assert!(told.starts_with(b"{\"type\":\"hello\""));
    }
}
