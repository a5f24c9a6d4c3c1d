//! Serving, from the configuration to the last line of the log.
//!
//! [`First`] is what serving begins with; [`Serving`] binds, starts everything and waits for a
//! [signal](super::signals); [`Draining`] finishes what is in flight. The [`clocks`] tick meanwhile.

mod clocks;
mod draining;
mod first;
mod serving;

use std::{io, path::PathBuf, time::Duration};

use self::{first::First, serving::Serving};
use super::{LogFormat, inherited, log};

/// How long the tasks that are left may take to let go of what they hold.
const LAST_TASKS: Duration = Duration::from_millis(300);

/// How long whoever reads the log may take to read its end.
const LAST_LINES: Duration = Duration::from_secs(1);

/// How to serve.
#[derive(Clone, Debug)]
pub struct Options {
    /// The configuration's entry file.
    pub file: PathBuf,
    /// Where state goes, where it is not beside the configuration.
    pub state: Option<PathBuf>,
    /// No dashboard, even on a terminal.
    pub headless: bool,
    /// How log lines look.
    pub log_format: LogFormat,
    /// How long what is in flight may take once the server was told to stop.
    pub grace: Duration,
    /// How often the configuration is read in case no change was told.
    pub poll: Duration,
}

/// How serving ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// As it was told to, with everything that was in flight finished.
    Drained,
    /// As it was told to; something did not finish within the grace.
    Cut,
    /// It never began: the configuration is broken, and the diagnostics are printed.
    BrokenConfiguration,
    /// It never began, for this reason.
    Failed(String),
}

/// Serves until a signal, or the dashboard, says stop.
pub fn serve(options: Options) -> Ended {
    inherited::keep_from_children();
    let first = match First::load(&options) {
        Ok(first) => first,
        Err(ended) => return ended,
    };
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(error) => return Ended::Failed(format!("no async runtime: {error}")),
    };
    let log = match log::init(options.log_format) {
        Ok(log) => log,
        Err(error) => return Ended::Failed(format!("no thread for the log: {error}")),
    };
    let ended = runtime.block_on(async {
        match Serving::begin(&options, first, log.clone()).await {
            Ok(serving) => serving.until_stopped().await,
            Err(message) => Ended::Failed(message),
        }
    });
    log.flush(LAST_LINES);
    // The store is closed when the last task lets go of it. Whatever still reads a disk that hangs,
    // or hashes a password, is not waited for.
    runtime.shutdown_timeout(LAST_TASKS);
    ended
}

/// One core is served best by one thread; a small server has just that.
fn runtime() -> io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut builder = if cores == 1 {
        tokio::runtime::Builder::new_current_thread()
    } else {
        tokio::runtime::Builder::new_multi_thread()
    };
    builder.enable_all().build()
}
