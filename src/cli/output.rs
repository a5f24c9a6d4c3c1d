use std::io::{self, Write};

use super::Exit;

/// Writes to standard output; a reader that has gone, like `head`, is no failure.
pub(super) fn print(text: &str) -> Exit {
    match io::stdout().write_all(text.as_bytes()) {
        Ok(()) => Exit::Success,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
        Err(error) => fail(&format!("cannot write: {error}")),
    }
}

/// Writes to standard error, where it is open.
pub(super) fn complain(text: &str) {
    // There is nowhere left to say that nothing can be said.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Says on standard error what to know of what is printed.
pub(super) fn warn(message: &str) {
    complain(&format!("hookyard: {message}\n"));
}

/// Says on standard error why a command failed.
pub(super) fn fail(message: &str) -> Exit {
    warn(message);
    Exit::Failure
}

/// Says on standard error that a command cannot be meant like this.
pub(super) fn misuse(message: &str) -> Exit {
    fail(message);
    Exit::BrokenConfiguration
}
