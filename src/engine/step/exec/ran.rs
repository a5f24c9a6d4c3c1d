use std::{pin::pin, process::ExitStatus, time::Duration};

use bytes::Bytes;
use tokio::{
    io::AsyncWriteExt,
    process::ChildStdin,
    time::{sleep, timeout},
};

use super::{capture::Capture, group::Group};

/// How long a program that ran too long has from being asked to end to being killed.
const GRACE: Duration = Duration::from_secs(2);

/// How long output is waited for once the program has ended and its group is killed: only what
/// has left the group can still hold the other end.
const DRAIN: Duration = Duration::from_millis(500);

/// A program that ran.
#[derive(Debug)]
pub(super) struct Ran {
    /// How it ended; `None` where it ran too long.
    pub status: Option<ExitStatus>,
    /// What it wrote to standard output.
    pub stdout: Capture,
    /// What it wrote to standard error.
    pub stderr: Capture,
}

/// Sees a program through to its end, and its group with it.
pub(super) async fn run(
    mut group: Group<'_>,
    input: Vec<Bytes>,
    limit: Duration,
    max_output: usize,
) -> Ran {
    let mut stdout = Capture::new(max_output);
    let mut stderr = Capture::new(max_output);
    let (stdin, out, err) = group.pipes();
    let is_in_time;
    {
        let mut is_pumped = false;
        let mut pump = pin!(async {
            tokio::join!(feed(stdin, input), stdout.fill(out), stderr.fill(err));
        });
        let mut limit = pin!(sleep(limit));
        is_in_time = loop {
            tokio::select! {
                biased;
                () = group.ended() => break true,
                () = &mut pump, if !is_pumped => is_pumped = true,
                () = &mut limit => break false,
            }
        };
        if !is_in_time {
            group.ask_to_end();
            let all = async {
                if !is_pumped {
                    pump.as_mut().await;
                    is_pumped = true;
                }
                group.ended().await;
            };
            // Who holds no pipe any more, and has lost its leader, is not waited for.
            let _ = timeout(GRACE, all).await;
        }
        group.kill();
        if !is_pumped {
            let _ = timeout(DRAIN, pump).await;
        }
    }
    let status = match is_in_time {
        true => group.reap().await.ok(),
        // What the system itself holds on to may not die at once.
        false => {
            let _ = timeout(DRAIN, group.reap()).await;
            None
        }
    };
    Ran {
        status,
        stdout,
        stderr,
    }
}

/// Writes to the program's standard input, and closes it.
async fn feed(pipe: Option<ChildStdin>, input: Vec<Bytes>) {
    let Some(mut pipe) = pipe else { return };
    for part in input {
        // A program need not read what it is given.
        if pipe.write_all(&part).await.is_err() {
            return;
        }
    }
}
