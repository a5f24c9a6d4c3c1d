//! A program is started in two steps where its run outlives the server: a process of this binary
//! waits until it is on disk who it is, and then becomes the program. A server that ends meanwhile
//! leaves nothing behind that nobody knows of.

use std::{
    ffi::OsString,
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Command, ExitCode},
};

use rustix::stdio;

/// The argument by which the binary knows that it is to become a program.
const ARGUMENT: &str = "__become";
/// What is written to it when it may.
pub(super) const GO: &[u8] = b"\n";
/// What it says where it cannot, before the system's number for why: no program says this.
const REFUSED: &str = "\0hookyard cannot become it: ";
/// The status it ends with then, as of shells that find no program.
const STATUS: u8 = 127;

/// The same command, by way of a process that waits for [`GO`] on its standard input.
pub(super) fn by(starter: &Path, command: &Command) -> Command {
    let mut waiting = Command::new(starter);
    waiting
        .arg(ARGUMENT)
        .arg(command.get_program())
        .args(command.get_args())
        .env_clear()
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
    if let Some(directory) = command.get_current_dir() {
        waiting.current_dir(directory);
    }
    waiting
}

/// Why it could not become the program, from what it wrote to standard error.
pub(super) fn refusal(stderr: &[u8]) -> Option<io::Error> {
    let number = std::str::from_utf8(stderr).ok()?.strip_prefix(REFUSED)?;
    number.parse().ok().map(io::Error::from_raw_os_error)
}

/// Becomes the program that the arguments of the process name, once it may; `None` where they name
/// none.
pub fn become_program(mut arguments: impl Iterator<Item = OsString>) -> Option<ExitCode> {
    if arguments.nth(1)? != ARGUMENT {
        return None;
    }
    let program = arguments.next()?;
    // Not through the standard library, which would read ahead of what is the program's to read.
    match rustix::io::read(stdio::stdin(), &mut [0; GO.len()]) {
        Ok(1..) => {}
        // Whoever would have let it has ended.
        _ => return Some(ExitCode::FAILURE),
    }
    let error = Command::new(program).args(arguments).exec();
    let number = error.raw_os_error().unwrap_or_default();
    eprint!("{REFUSED}{number}");
    Some(ExitCode::from(STATUS))
}
