//! Runs a program: no shell, an environment of its own, a process group of its own that does not
//! outlive the step.

mod capture;
mod group;
mod invocation;
mod ran;
mod starter;

use std::{future::pending, os::unix::process::ExitStatusExt, process::ExitStatus};

use bytes::Bytes;
use serde_json::json;

pub use self::starter::become_program;
use self::{capture::Capture, group::Group, invocation::Invocation, ran::Ran};
use super::mask::Mask;
use crate::{
    engine::{
        effect::{Act, Failure},
        key::{PROCESS, beside},
        leftover::{self, end_leftover},
        walk::Walk,
    },
    model::Exec,
    run::Value,
};

/// The longest that is told of a command, in characters.
const LONGEST_TITLE: usize = 1_000;
/// The longest that is told of what a program wrote to standard error, in characters.
const LONGEST_REASON: usize = 200;

impl Act for Exec {
    fn output(&self) -> Option<u32> {
        self.output
    }

    fn title(&self, walk: &Walk<'_>) -> String {
        let scope = walk.scope();
        let mut title = self.name.clone();
        // No argument can name a secret.
        for template in &self.arguments {
            let argument = template
                .render(&scope)
                .unwrap_or_else(|_| template.text().to_owned());
            let is_plain = !argument.is_empty() && !argument.contains(char::is_whitespace);
            title += &if is_plain {
                format!(" {argument}")
            } else {
                format!(" {argument:?}")
            };
            if title.len() > LONGEST_TITLE {
                break;
            }
        }
        shortened(&title, LONGEST_TITLE)
    }

    async fn attempt(&self, walk: &Walk<'_>, key: &str) -> Result<Value, Failure> {
        let journal = walk.course.journal;
        let leftover_key = beside(key, PROCESS);
        if let Some(before) = journal.recall(&leftover_key) {
            end_leftover(&before).await;
        }
        let invocation = Invocation::new(self, walk)?;
        let programs = &walk.course.means.programs;
        let mut command = invocation.command();
        let mut input = invocation.input();
        let starter = walk.course.means.starter.as_deref();
        let waits = starter.filter(|_| journal.is_kept());
        if let Some(starter) = waits {
            command = starter::by(starter, &command);
            input.insert(0, Bytes::from_static(starter::GO));
        }
        let explain = |error| invocation.explain(&self.name, &error);
        let group = Group::spawn(command, !input.is_empty(), programs).map_err(explain)?;
        let Some(group) = group else {
            return pending().await;
        };
        if journal.is_kept()
            && let Some(process) = leftover::told(group.id())
        {
            journal.keep(leftover_key, process).await;
        }
        let ran = ran::run(group, input, self.timeout, self.max_output).await;
        if programs.is_closed() {
            // Not the program's own end: whoever takes up the run is to try it again.
            return pending().await;
        }
        let refusal = waits.and_then(|_| starter::refusal(ran.stderr.bytes()));
        if let Some(error) = refusal {
            return Err(explain(error));
        }
        came(self, ran, &Mask::of(self.secretive(), walk.course.flow))
    }
}

/// What a run of the program came to.
fn came(exec: &Exec, ran: Ran, mask: &Mask) -> Result<Value, Failure> {
    let name = &exec.name;
    let told = |written: &Capture| match written.is_truncated() {
        true => mask.start(written.bytes()),
        false => mask.text(written.bytes()),
    };
    let stderr = told(&ran.stderr);
    let status = match ran.status {
        Some(status) => status,
        None => {
            let timeout = exec.timeout;
            return Err(Failure::passing(format!(
                "`{name}` took longer than {timeout:?}{}",
                reason(&stderr)
            )));
        }
    };
    let Some(code) = accepted(status, &exec.accept_codes) else {
        let end = match (status.code(), status.signal()) {
            (None, Some(signal)) => format!("was killed by signal {signal}"),
            (code, _) => format!("ended with code {}", code.unwrap_or_default()),
        };
        return Err(Failure::passing(format!(
            "`{name}` {end}{}",
            reason(&stderr)
        )));
    };
    let is_truncated = ran.stdout.is_truncated() || ran.stderr.is_truncated();
    Ok(json!({
        "code": code,
        "stdout": told(&ran.stdout),
        "stderr": stderr,
        "truncated": is_truncated,
    }))
}

/// The exit code, where it is a success.
fn accepted(status: ExitStatus, codes: &[u8]) -> Option<u8> {
    let code = u8::try_from(status.code()?).ok()?;
    codes.contains(&code).then_some(code)
}

/// The last line of standard error, to stand behind what happened; nothing where there is none.
fn reason(stderr: &str) -> String {
    let last = stderr.lines().rev().find(|line| !line.trim().is_empty());
    last.map_or_else(String::new, |line| {
        format!(": {}", shortened(line.trim(), LONGEST_REASON))
    })
}

fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
