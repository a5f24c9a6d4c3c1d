use std::io::{self, BufRead, IsTerminal};

use super::{Exit, output};

/// Asks on the terminal whether to go on, where `is_sure` does not say so.
///
/// # Errors
/// The answer is no, or there is no terminal to ask on; that is told.
pub(super) fn confirm(question: &str, is_sure: bool) -> Result<(), Exit> {
    if is_sure {
        return Ok(());
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(output::misuse(&format!(
            "{question}? there is no terminal to ask on: --yes says so"
        )));
    }
    output::complain(&format!("{question}? [y/N] "));
    let mut answer = String::new();
    let read = io::stdin().lock().read_line(&mut answer);
    match (read, answer.trim().to_ascii_lowercase().as_str()) {
        (Ok(_), "y" | "yes") => Ok(()),
        _ => Err(output::fail("nothing was done")),
    }
}
