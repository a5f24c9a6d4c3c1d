use std::{
    io,
    os::unix::process::CommandExt,
    process::{Command, ExitStatus, Stdio},
};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use tokio::{
    process::{Child, ChildStderr, ChildStdin, ChildStdout},
    signal::unix::{self, SignalKind},
};

use crate::engine::programs::Programs;

/// A program that runs, and all it started that stayed in its process group. Dropping it kills
/// them all.
#[derive(Debug)]
pub(super) struct Group<'m> {
    child: Child,
    id: Pid,
    programs: &'m Programs,
    /// Whether the id is still its own: until the leader is reaped, no other group can have it.
    is_held: bool,
    ends: unix::Signal,
}

impl<'m> Group<'m> {
    /// Starts a program as the leader of a group of its own, which reads what it is told where it
    /// is told something; `None` where no more is started.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn spawn(
        mut command: Command,
        is_told: bool,
        programs: &'m Programs,
    ) -> io::Result<Option<Self>> {
        // Listened for before there is an end to hear of.
        let ends = unix::signal(SignalKind::child())?;
        command
            .stdin(if is_told {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        let started = programs.start(|| {
            let child = tokio::process::Command::from(command).spawn()?;
            let id = child
                .id()
                .and_then(|id| Pid::from_raw(i32::try_from(id).ok()?))
                .ok_or_else(|| io::Error::other("it has no process id"))?;
            Ok((child, id))
        })?;
        Ok(started.map(|(child, id)| Self {
            child,
            id,
            programs,
            is_held: true,
            ends,
        }))
    }

    /// The process id of the program, which is that of its group.
    pub fn id(&self) -> Pid {
        self.id
    }

    /// The program's ends of its pipes: where it reads, writes and complains.
    pub fn pipes(&mut self) -> (Option<ChildStdin>, Option<ChildStdout>, Option<ChildStderr>) {
        let child = &mut self.child;
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    }

    /// Is done once the program has ended. It is not reaped, so that its group can still be told
    /// from others.
    pub async fn ended(&mut self) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        // The signal tells of any child's end; which one it was has to be looked up.
        while let Ok(None) = waitid(WaitId::Pid(self.id), options) {
            if self.ends.recv().await.is_none() {
                return;
            }
        }
    }

    /// Asks everything in the group to end.
    pub fn ask_to_end(&self) {
        self.signal(Signal::TERM);
    }

    /// Kills everything in the group.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        if self.is_held {
            // Nothing in the group may be left to hear it.
            let _ = kill_process_group(self.id, signal);
        }
    }

    /// How the program ended, which is waited for.
    ///
    /// # Errors
    /// Somebody else has reaped it.
    pub async fn reap(&mut self) -> io::Result<ExitStatus> {
        self.programs.forget(self.id);
        let status = self.child.wait().await;
        self.is_held = false;
        status
    }
}

impl Drop for Group<'_> {
    fn drop(&mut self) {
        self.programs.forget(self.id);
        // What is left of the child itself is reaped by the runtime.
        self.kill();
    }
}
