use std::{
    io::{self, BufRead, BufReader, Read, Write},
    os::unix::net::UnixStream,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, SyncSender},
    },
    thread::{self, Thread},
    time::Duration,
};

use super::wire::{Heard, Line, Reader, Seen, ViewerHello, question_line, view_line};
use crate::{
    observe::{Feed, Question, Told},
    run::RunId,
};

/// What may be told and not taken: the server is let wait then, which drops and counts.
const CAPACITY: usize = 256;
/// Between two tries to reach a server, at first and at most.
const PATIENCE: [Duration; 2] = [Duration::from_millis(50), Duration::from_secs(2)];
/// How long a server may say nothing: it tells its counters a few times a second.
const SILENCE: Duration = Duration::from_secs(10);
/// The longest line that is read, in bytes.
const LONGEST: u64 = 64 << 20;

/// A viewer's end of the stream: a thread that reads it, and looks for the server again and again
/// where it is not there.
#[derive(Debug)]
pub struct Client {
    told: Receiver<(Told, String)>,
    link: Arc<Link>,
    reader: Thread,
}

#[derive(Debug, Default)]
struct Link {
    /// Where questions go, as long as there is a server.
    stream: Mutex<Option<UnixStream>>,
    stop: AtomicBool,
}

impl Client {
    /// Follows what `connect` leads to.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn follow(
        connect: impl FnMut() -> io::Result<UnixStream> + Send + 'static,
        read_only: bool,
    ) -> io::Result<Self> {
        Self::start(move |link, tell| follow(connect, read_only, link, tell))
    }

    /// Reads a stream that was recorded.
    ///
    /// # Errors
    /// There is no thread to be had.
    pub fn of_recording(recording: impl Read + Send + 'static) -> io::Result<Self> {
        Self::start(move |_, tell| {
            let mut lines = Lines::new(recording);
            let mut reader = Reader::default();
            let mut is_recording = false;
            let mut over = "this is the end of the recording".to_owned();
            while let Ok(Some(text)) = lines.next() {
                let told = match reader.read(&text) {
                    Ok(Heard::Told(_, told)) => Some(told),
                    Ok(Heard::Hello(_) | Heard::Nothing) => None,
                    Err(why) if is_recording => Some(unreadable(&why)),
                    Err(why) => {
                        over = format!("this is no recording: {why}");
                        break;
                    }
                };
                is_recording = true;
                if let Some(told) = told
                    && tell.send((told, text)).is_err()
                {
                    return;
                }
            }
            // Whoever looks has left, or is told.
            let _ = tell.send((Told::Over(over), String::new()));
        })
    }

    fn start(
        work: impl FnOnce(&Link, &SyncSender<(Told, String)>) + Send + 'static,
    ) -> io::Result<Self> {
        let (tell, told) = mpsc::sync_channel(CAPACITY);
        let link = Arc::<Link>::default();
        let theirs = Arc::clone(&link);
        let reader = thread::Builder::new()
            .name("attached".to_owned())
            .spawn(move || work(&theirs, &tell))?;
        Ok(Self {
            told,
            link,
            reader: reader.thread().clone(),
        })
    }

    /// What is told next, and the line that told it, which is empty where none did; `None` where
    /// nothing came within `timeout`.
    pub fn next(&self, timeout: Duration) -> Option<(Told, String)> {
        self.told.recv_timeout(timeout).ok()
    }
}

impl Feed for Client {
    fn try_next(&self) -> Option<Told> {
        self.told.try_recv().ok().map(|(told, _)| told)
    }

    fn ask(&self, question: Question) -> bool {
        self.link.say(&question_line(&question))
    }

    fn view(&self, run: Option<RunId>) {
        // Where there is no server, one is asked again when it has come back.
        self.link.say(&view_line(run));
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.link.stop.store(true, Ordering::Release);
        if let Some(stream) = &*self.link.stream() {
            let _ = stream.shutdown(std::net::Shutdown::Both);
        }
        self.reader.unpark();
    }
}

impl Link {
    fn stream(&self) -> MutexGuard<'_, Option<UnixStream>> {
        // Every change of it is whole.
        self.stream.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a server to hear it.
    fn say(&self, line: &Line) -> bool {
        let stream = self.stream();
        let said = stream
            .as_ref()
            .map(|mut stream| stream.write_all(line.text.as_bytes()));
        said.is_some_and(|said| said.is_ok())
    }

    fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}

fn follow(
    mut connect: impl FnMut() -> io::Result<UnixStream>,
    read_only: bool,
    link: &Link,
    tell: &SyncSender<(Told, String)>,
) {
    let mut reader = Reader::default();
    let mut seen = None;
    let mut patience = PATIENCE[0];
    while !link.is_stopped() {
        let ended = match connect() {
            Ok(stream) => {
                let hello = ViewerHello { seen, read_only };
                let ended = hear(stream, hello, link, tell, &mut reader);
                *link.stream() = None;
                ended
            }
            Err(error) => Ended::lost(&error),
        };
        if ended.is_over {
            return;
        }
        if let Some(at) = ended.seen {
            seen = Some(at);
            patience = PATIENCE[0];
        }
        if tell.send((Told::Lost(ended.why), String::new())).is_err() {
            return;
        }
        thread::park_timeout(patience);
        patience = (patience * 2).min(PATIENCE[1]);
    }
}

/// How a connection ended.
struct Ended {
    /// How far the stream was seen on it, where it was seen from somewhere on.
    seen: Option<Seen>,
    /// Whether there is no use in another.
    is_over: bool,
    /// Why it ended.
    why: String,
}

impl Ended {
    fn lost(error: &io::Error) -> Self {
        Self {
            seen: None,
            is_over: false,
            why: match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => {
                    "nobody listens there".to_owned()
                }
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                    "the server says nothing".to_owned()
                }
                _ => error.to_string(),
            },
        }
    }
}

/// Hears a server out.
fn hear(
    stream: UnixStream,
    hello: ViewerHello,
    link: &Link,
    tell: &SyncSender<(Told, String)>,
    reader: &mut Reader,
) -> Ended {
    let mut ended = Ended {
        seen: None,
        is_over: false,
        why: "the server has gone".to_owned(),
    };
    let begun = stream
        .set_read_timeout(Some(SILENCE))
        .and_then(|()| stream.set_write_timeout(Some(SILENCE)))
        .and_then(|()| (&stream).write_all(hello.line().text.as_bytes()))
        .and_then(|()| stream.try_clone());
    let mut lines = match begun {
        Ok(copy) => Lines::new(copy),
        Err(error) => return Ended::lost(&error),
    };
    *link.stream() = Some(stream);
    let mut boot = None::<RunId>;
    while !link.is_stopped() {
        let text = match lines.next() {
            Ok(Some(text)) => text,
            Ok(None) => return ended,
            Err(error) => {
                ended.why = Ended::lost(&error).why;
                return ended;
            }
        };
        let told = match reader.read(&text) {
            Ok(Heard::Hello(server)) => {
                boot = Some(server.boot);
                Told::Connected
            }
            Ok(Heard::Told(seq, told)) => {
                // What comes before is no use without the rest of it.
                if matches!(told, Told::Live) || ended.seen.is_some() {
                    let seq = seq.or(ended.seen.map(|seen| seen.seq));
                    ended.seen = boot.zip(seq).map(|(boot, seq)| Seen { boot, seq });
                }
                told
            }
            Ok(Heard::Nothing) => continue,
            // A server that cannot be understood from its first word on never will be.
            Err(why) if boot.is_none() => Told::Over(why),
            Err(why) => unreadable(&why),
        };
        ended.is_over = matches!(told, Told::Over(_));
        if tell.send((told, text)).is_err() {
            ended.is_over = true;
        }
        if ended.is_over {
            break;
        }
    }
    ended
}

fn unreadable(why: &str) -> Told {
    let text = format!("something that was told cannot be read: {why}");
    Told::Event(crate::event::Event::Notice(text.into()))
}

/// The lines of a stream.
struct Lines<R> {
    stream: BufReader<R>,
}

impl<R: Read> Lines<R> {
    fn new(stream: R) -> Self {
        Self {
            stream: BufReader::with_capacity(64 << 10, stream),
        }
    }

    /// The next line that is not empty; `None` at the end.
    fn next(&mut self) -> io::Result<Option<String>> {
        loop {
            let mut line = Vec::new();
            let count = (&mut self.stream)
                .take(LONGEST)
                .read_until(b'\n', &mut line)?;
            if count == 0 {
                return Ok(None);
            }
            if line.iter().any(|byte| !byte.is_ascii_whitespace()) {
                return Ok(Some(String::from_utf8_lossy(&line).into_owned()));
            }
        }
    }
}
