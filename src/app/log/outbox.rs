use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// About how much may wait to be written.
const BYTES: usize = 1 << 20;

/// Lines on their way to standard output. A thread of its own writes them: whoever reads them may
/// be slow, stalled or gone, and a request still does not wait for it. What finds no room is
/// lost, and how much that was is said once there is room again.
#[derive(Clone, Debug)]
pub(super) struct Outbox(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    came: Condvar,
    went: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    lines: VecDeque<Vec<u8>>,
    bytes: usize,
    lost: u64,
    writing: bool,
}

impl Outbox {
    /// Starts the thread.
    ///
    /// # Errors
    /// There is none to be had.
    pub fn open() -> io::Result<Self> {
        let shared = Arc::<Shared>::default();
        let writers = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("log".to_owned())
            .spawn(move || writers.write_all(&mut io::stdout()))?;
        Ok(Self(shared))
    }

    /// Waits until nothing waits any more, at most that long.
    pub fn flush(&self, at_most: Duration) {
        let waiting = self.0.waiting();
        let _ = self.0.went.wait_timeout_while(waiting, at_most, |waiting| {
            waiting.writing || !waiting.lines.is_empty()
        });
    }
}

impl Write for &Outbox {
    /// Takes in one whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut waiting = self.0.waiting();
        // One line is taken however long it is.
        if waiting.bytes + line.len() > BYTES && !waiting.lines.is_empty() {
            waiting.lost += 1;
        } else {
            waiting.bytes += line.len();
            // Whoever left some there has woken the thread.
            let is_first = waiting.lines.is_empty();
            waiting.lines.push_back(line.to_owned());
            drop(waiting);
            if is_first {
                self.0.came.notify_one();
            }
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Shared {
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        // Every change of it is whole.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_all(&self, out: &mut impl Write) {
        loop {
            let (lines, lost) = self.next();
            for line in lines {
                // A pipe that was closed, or a terminal that is gone: nobody is left to be told.
                let _ = out.write_all(&line);
            }
            let _ = out.flush();
            if lost > 0 {
                tracing::warn!(lost, "log lines were lost: they are not read fast enough");
            }
        }
    }

    fn next(&self) -> (VecDeque<Vec<u8>>, u64) {
        let mut waiting = self.waiting();
        waiting.writing = false;
        while waiting.lines.is_empty() {
            self.went.notify_all();
            waiting = self
                .came
                .wait(waiting)
                .unwrap_or_else(PoisonError::into_inner);
        }
        waiting.writing = true;
        waiting.bytes = 0;
        let lost = std::mem::take(&mut waiting.lost);
        (std::mem::take(&mut waiting.lines), lost)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn what_finds_no_room_is_lost_and_counted_and_nobody_waits() {
        let outbox = Outbox(Arc::default());
        let line = vec![b'x'; BYTES / 4];
        for _ in 0..6 {
            (&outbox).write_all(&line).unwrap();
        }
        let (lines, lost) = outbox.0.next();
        assert_eq!((lines.len(), lost), (4, 2));
        (&outbox).write_all(&line).unwrap();
        let (lines, lost) = outbox.0.next();
        assert_eq!((lines.len(), lost), (1, 0));
    }

    #[test]
    fn a_line_that_is_longer_than_all_the_room_is_taken_where_it_is_the_only_one() {
        let outbox = Outbox(Arc::default());
        let line = vec![b'x'; 2 * BYTES];
        (&outbox).write_all(&line).unwrap();
        (&outbox).write_all(b"short\n").unwrap();
        let (lines, lost) = outbox.0.next();
        assert_eq!((lines.len(), lost), (1, 1));
    }

    #[test]
    fn lines_are_written_in_order_and_a_writer_that_fails_is_written_to_again() {
        struct Failing(mpsc::Sender<Vec<u8>>);
        impl Write for Failing {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0.send(bytes.to_owned()).unwrap();
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let outbox = Outbox(Arc::default());
        let (tell, told) = mpsc::channel();
        let shared = Arc::clone(&outbox.0);
        std::thread::spawn(move || shared.write_all(&mut Failing(tell)));
        for line in ["one\n", "two\n", "three\n"] {
            (&outbox).write_all(line.as_bytes()).unwrap();
        }
        outbox.flush(Duration::from_secs(20));
        let told: Vec<_> = told.try_iter().collect();
        assert_eq!(told.concat(), b"one\ntwo\nthree\n");
    }
}
