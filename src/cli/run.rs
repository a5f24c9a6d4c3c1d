use std::time::Duration;

use clap::ValueEnum;

use super::{Configuration, Exit, State, output, time::duration};
use crate::app::{self, Ended};

/// `hookyard run [FILE]`: serve.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Run {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    state: State,
    /// Log lines in the place of the dashboard, even on a terminal
    #[arg(long)]
    headless: bool,
    /// How log lines look
    #[arg(long, value_enum, default_value_t = Format::Human, value_name = "FORMAT")]
    log_format: Format,
    /// How long requests and runs in flight may take once the server is told to stop
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    grace: Duration,
    /// How often the configuration is read in case no change was told, as on network file systems
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration, hide = true)]
    poll: Duration,
}

#[derive(ValueEnum, Clone, Copy, Debug)]
enum Format {
    /// For people
    Human,
    /// One JSON object a line
    Json,
}

impl Run {
    pub fn run(self) -> Exit {
        if let Err(exit) = self.configuration.find() {
            return exit;
        }
        let ended = app::serve(app::Options {
            file: self.configuration.file,
            state: self.state.directory,
            headless: self.headless,
            log_format: match self.log_format {
                Format::Human => app::LogFormat::Human,
                Format::Json => app::LogFormat::Json,
            },
            grace: self.grace,
            poll: self.poll,
        });
        match ended {
            Ended::Drained => Exit::Success,
            Ended::Cut => Exit::Cut,
            Ended::BrokenConfiguration => Exit::BrokenConfiguration,
            Ended::Failed(message) => output::fail(&message),
        }
    }
}
