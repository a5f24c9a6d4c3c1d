use std::{io, path::Path};

use serde_json::json;

use super::{Configuration, Exit, State, output};
use crate::app::{self, Disk};

/// `hookyard check [FILE]`: print all diagnostics.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Check {
    #[command(flatten)]
    configuration: Configuration,
    /// Taken as the other commands take it: nothing is read from there, and nothing written
    #[command(flatten)]
    _state: State,
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
        let written = if self.json {
            let object = json!({
                "ok": errors == 0,
                "errors": errors,
                "warnings": warnings,
                "diagnostics": report.to_json(),
            });
            output::print(&format!("{object:#}\n"))
        } else {
            let file = file.display();
            let summary = if errors == 0 {
                format!(
                    "{file}: {}{}\n",
                    count(flows, "flow"),
                    and(warnings, "warning")
                )
            } else {
                format!(
                    "{file}: {}{}\n",
                    count(errors, "error"),
                    and(warnings, "warning")
                )
            };
            output::print(&(report.render(app::style(&io::stdout())) + &summary))
        };
        if errors > 0 {
            Exit::BrokenConfiguration
        } else {
            written
        }
    }
}

fn count(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn and(how_many: usize, what: &str) -> String {
    if how_many == 0 {
        String::new()
    } else {
        format!(", {}", count(how_many, what))
    }
}
