use std::{
    io::{self, IsTerminal, Write},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::diagnostic::Style;
use tracing_subscriber::{
    EnvFilter, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt,
};

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

/// Silences the log while the dashboard owns the terminal.
#[derive(Clone, Debug, Default)]
pub(super) struct Silence(Arc<AtomicBool>);

impl Silence {
    pub fn set(&self, silent: bool) {
        self.0.store(silent, Ordering::Relaxed);
    }
}

impl<'w> MakeWriter<'w> for Silence {
    type Writer = Box<dyn Write>;

    fn make_writer(&'w self) -> Self::Writer {
        if self.0.load(Ordering::Relaxed) {
            Box::new(io::sink())
        } else {
            Box::new(io::stdout())
        }
    }
}

/// Sends log lines to standard output. `HOOKYARD_LOG` sets the level: `debug`, `warn`, …
pub(super) fn init(format: LogFormat) -> Silence {
    let silence = Silence::default();
    let filter = EnvFilter::try_from_env("HOOKYARD_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer()
        .with_target(false)
        // Where the terminal is gone, complaining of it to the terminal panics.
        .log_internal_errors(false)
        .with_writer(silence.clone());
    // A second server in one process, as in tests, keeps the first one's log.
    let _ = match format {
        LogFormat::Human => registry
            .with(layer.with_ansi(color_allowed(&io::stdout())))
            .try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
    };
    silence
}
