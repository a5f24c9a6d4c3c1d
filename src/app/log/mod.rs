//! Log lines: how they look, and how they get to standard output without anybody waiting for it.

mod line;
mod outbox;

use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use crate::diagnostic::Style;
use line::Lines;
pub(super) use line::told;
use outbox::Outbox;
use tracing_subscriber::{
    filter::LevelFilter, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

/// The variable that sets the level.
const LEVEL: &str = "HOOKYARD_LOG";

/// How log lines look.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Whether standard output may be coloured: it is a terminal, and nobody said `NO_COLOR`
/// (no-color.org).
pub fn color_allowed(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// How diagnostics are drawn on a stream.
pub fn style(stream: &impl IsTerminal) -> Style {
    Style {
        color: color_allowed(stream),
        ..Style::default()
    }
}

/// The log: silent while the dashboard owns the terminal.
#[derive(Clone, Debug)]
pub(super) struct Log {
    silent: Arc<AtomicBool>,
    outbox: Outbox,
}

impl Log {
    /// Takes lines, or drops them.
    pub fn set_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::Relaxed);
    }

    /// Waits until everything said so far is written, at most that long.
    pub fn flush(&self, at_most: Duration) {
        self.outbox.flush(at_most);
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Box<dyn Write + 'w>;

    fn make_writer(&'w self) -> Self::Writer {
        if self.silent.load(Ordering::Relaxed) {
            Box::new(io::sink())
        } else {
            Box::new(&self.outbox)
        }
    }
}

/// Sends log lines to standard output. `HOOKYARD_LOG` sets the level: `debug`, `warn`, …
///
/// # Errors
/// There is no thread to write them.
pub(super) fn init(format: LogFormat) -> io::Result<Log> {
    let log = Log {
        silent: Arc::default(),
        outbox: Outbox::open()?,
    };
    let wanted = std::env::var_os(LEVEL).filter(|text| !text.is_empty());
    let level = wanted
        .as_ref()
        .and_then(|text| text.to_str()?.parse::<LevelFilter>().ok());
    let misread = wanted.is_some() && level.is_none();
    let layer = tracing_subscriber::fmt::layer()
        .event_format(Lines {
            format,
            color: color_allowed(&io::stdout()),
        })
        // Where the terminal is gone, complaining of it to the terminal panics.
        .log_internal_errors(false)
        .with_writer(log.clone());
    // A second server in one process, as in tests, keeps the first one's log.
    let _ = tracing_subscriber::registry()
        .with(level.unwrap_or(LevelFilter::INFO))
        .with(layer)
        .try_init();
    if misread {
        tracing::warn!("{LEVEL} is not a level like `debug` or `warn`: `info` is used");
    }
    Ok(log)
}
