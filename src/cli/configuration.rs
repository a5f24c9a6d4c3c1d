use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::{Cli, Exit, output};
use crate::{
    app::{self, Disk},
    diagnostic::nearest,
};

/// What is served where nothing else is said.
pub(super) const DEFAULT: &str = "flows.kdl";

/// What somebody begins with who has no file yet.
const SMALLEST: &str = r#"
This is a whole one; docs/flows.md has the rest:

    flow "hello" mode="sync" {
        webhook "/hello" { methods "GET" "POST"; }
        respond 200 { body "hello\n"; }
    }"#;

/// The configuration that most commands take.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Configuration {
    /// The configuration's entry file
    #[arg(default_value = DEFAULT, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub file: PathBuf,
}

impl Configuration {
    /// The file, before anything is made of it: a slip in its name leaves no state directory
    /// behind.
    ///
    /// # Errors
    /// It is not there, and what was most likely meant is said.
    pub fn find(&self) -> Result<&Path, Exit> {
        if self.file.try_exists().unwrap_or(true) {
            return Ok(&self.file);
        }
        let report = app::load(&self.file, &Disk).report;
        let messages = report.diagnostics().iter();
        let why: Vec<_> = messages.map(|diagnostic| &*diagnostic.message).collect();
        let why = why.join("; ");
        let written = self.file.to_string_lossy();
        let mut command = Cli::command();
        command.build();
        let commands = command.get_subcommands().map(clap::Command::get_name);
        match nearest(&written, commands) {
            Some(near) => output::warn(&format!("{why}; did you mean the command `{near}`?")),
            None if written == DEFAULT => output::warn(&format!("{why}\n{SMALLEST}")),
            None => output::warn(&why),
        }
        Err(Exit::BrokenConfiguration)
    }
}
