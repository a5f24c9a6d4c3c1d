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

/// Says on standard error why a command failed.
pub(super) fn fail(message: &str) -> Exit {
    eprintln!("hookyard: {message}");
    Exit::Failure
}
