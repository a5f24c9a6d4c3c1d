//! The viewer's own editor, while it has the terminal.

use std::{
    env,
    fs::{self, File as OpenFile},
    io::{self, Read},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitOptions, kill_current_process_group, kill_process, waitpid},
    stdio,
    termios::isatty,
};

use super::{
    save,
    state::{File, LONGEST_EDITED},
};

/// Between two looks at what becomes of the editor.
const LOOK: Duration = Duration::from_millis(20);
/// The longest text that is taken back, in bytes.
const LONGEST: u64 = LONGEST_EDITED as u64;

/// Has a file edited, and gives what is in it then. `is_over` is asked again and again whether the
/// editor should end; it is told to then.
///
/// # Errors
/// Nothing came of it; the sentence says why.
pub(super) fn edit(file: &File, is_over: impl FnMut() -> bool) -> Result<String, String> {
    let path = save::save(file).map_err(|error| format!("there is no file to edit: {error}"))?;
    let edited = run(&path, is_over).and_then(|()| read(&path));
    // It is private where it cannot be removed, too.
    let _ = fs::remove_file(&path);
    edited
}

/// What the viewer edits with: a line for a shell, as it may have arguments.
fn editor() -> String {
    ["VISUAL", "EDITOR"]
        .into_iter()
        .filter_map(|name| env::var(name).ok())
        .find(|editor| !editor.trim().is_empty())
        .unwrap_or_else(|| "vi".to_owned())
}

fn run(path: &Path, mut is_over: impl FnMut() -> bool) -> Result<(), String> {
    let editor = editor();
    let mut command = Command::new("sh");
    // In the place of the shell: it is the editor that signals are for.
    let line = format!("exec {editor} \"$1\"");
    command.arg("-c").arg(line).arg("sh");
    command.arg(path);
    if !isatty(stdio::stdin()) {
        let keys = OpenFile::open("/dev/tty").map_err(|error| error.to_string())?;
        command.stdin(Stdio::from(keys));
    }
    let child = command
        .spawn()
        .map_err(|error| format!("{editor} cannot be run: {error}"))?;
    let pid = Pid::from_child(&child);
    let mut is_told = false;
    loop {
        match waitpid(Some(pid), WaitOptions::NOHANG | WaitOptions::UNTRACED) {
            Ok(None) | Err(Errno::INTR) => {}
            // There is no shell that it could give way to.
            Ok(Some((_, status))) if status.stopped() => {
                let _ = kill_current_process_group(Signal::CONT);
            }
            Ok(Some((_, status))) => {
                return match status.exit_status() {
                    Some(0) => Ok(()),
                    Some(code) => Err(format!("{editor} ended with status {code}")),
                    None => Err(format!("{editor} was ended by a signal")),
                };
            }
            Err(error) => return Err(io::Error::from(error).to_string()),
        }
        if is_over() && !is_told {
            is_told = true;
            // As when the terminal goes away: editors keep what was not saved.
            let _ = kill_process(pid, Signal::HUP);
        }
        thread::sleep(LOOK);
    }
}

fn read(path: &Path) -> Result<String, String> {
    let mut bytes = Vec::new();
    let read = OpenFile::open(path).and_then(|file| file.take(LONGEST + 1).read_to_end(&mut bytes));
    match read {
        Err(error) => Err(format!("what was edited cannot be read: {error}")),
        Ok(_) if bytes.len() as u64 > LONGEST => {
            Err(format!("what was edited is over {} KiB", LONGEST >> 10))
        }
        Ok(_) => String::from_utf8(bytes).map_err(|_| "what was edited is no text".to_owned()),
    }
}
