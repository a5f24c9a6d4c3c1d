use std::{io, path::Path};

use serde_json::json;

use super::{Configuration, Exit, State, against_history::AgainstHistory, output};
use crate::app::{self, Disk};

/// `hookyard check [FILE]`: print all diagnostics.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Check {
    #[command(flatten)]
    configuration: Configuration,
    #[command(flatten)]
    state: State,
    /// Tell which of the last N requests would go another way than they went; read from the state
    /// directory, beside a server or without one. Nothing is done, and nothing written
    #[arg(
        long,
        value_name = "N",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "50",
        value_parser = clap::value_parser!(u32).range(1..=1000),
    )]
    against_history: Option<u32>,
    /// One JSON object for machines
    #[arg(long)]
    json: bool,
}

impl Check {
    pub fn run(self) -> Exit {
        let file = &self.configuration.file;
        let mut loaded = app::load(file, &Disk);
        let base = file.parent().unwrap_or(Path::new(""));
        app::warnings(&loaded.secrets, base, &mut loaded.report);
        loaded.report.sort();
        let report = &loaded.report;
        let flows = loaded
            .configuration
            .as_ref()
            .map_or(0, |configuration| configuration.flows.len());
        let errors = report.error_count();
        let warnings = report.diagnostics().len() - errors;
        // What is broken has no way to go.
        let most = self.against_history.filter(|_| errors == 0);
        let history = most.map(|most| AgainstHistory::look(&mut loaded, file, &self.state, most));
        let history = match history.transpose() {
            Ok(history) => history,
            Err(exit) => return exit,
        };
        let report = &loaded.report;
        let written = if self.json {
            let mut object = json!({
                "ok": errors == 0,
                "errors": errors,
                "warnings": warnings,
                "diagnostics": report.to_json(),
            });
            if let Some(history) = &history {
                object["history"] = history.to_json();
            }
            output::print(&format!("{object:#}\n"))
        } else {
            let file = file.display();
            let mut counts = Vec::new();
            if errors == 0 {
                counts.push(format!("{flows} flow{}", if flows == 1 { "" } else { "s" }));
            }
            counts.extend(Some(report.counted()).filter(|counted| !counted.is_empty()));
            let summary = format!("{file}: {}\n", counts.join(", "));
            let history = history.as_ref().map(AgainstHistory::told);
            let told = summary + &history.unwrap_or_default();
            output::print(&(report.render(app::style(&io::stdout())) + &told))
        };
        if errors > 0 {
            Exit::BrokenConfiguration
        } else if written == Exit::Success && history.is_some_and(|history| history.is_changed()) {
            Exit::Rerouted
        } else {
            written
        }
    }
}
