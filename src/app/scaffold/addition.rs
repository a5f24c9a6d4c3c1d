//! Lines for a flow of a configuration: which are missing, and putting them there.

use std::{
    cell::RefCell,
    collections::HashMap,
    io,
    path::{Path, PathBuf},
};

use super::{edit, flow, replace};
use crate::{
    app::load,
    diagnostic::{Diagnostic, Report, Severity, Span},
    draft::{Line, Printed, Scaffold},
    syntax::{self, Files},
};

/// What a flow does not read yet.
pub struct Addition<'s> {
    /// The lines to add.
    pub printed: Printed,
    /// What is there already: `body "a"`.
    pub there: Vec<String>,
    /// The file that the flow is in.
    pub file: PathBuf,
    scaffold: &'s Scaffold,
    entry: &'s Path,
    flow: &'s str,
    files: Frozen<'s>,
    before: String,
    after: String,
}

/// Why nothing is added.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// The configuration cannot be read.
    Broken(Report),
    /// It would have errors that it does not have now.
    WouldBreak(Report),
    /// There is no such flow, or it has no place for lines.
    NoFlow(String),
    /// The file could not be written.
    Failed(String),
}

impl<'s> Addition<'s> {
    /// Works out what a flow does not read yet.
    ///
    /// # Errors
    /// The configuration has errors in its syntax, or no such flow.
    pub fn new(
        scaffold: &'s Scaffold,
        entry: &'s Path,
        flow: &'s str,
        files: &'s dyn Files,
    ) -> Result<Self, Refusal> {
        // All looks go at one state of the files.
        let files = Frozen::new(files);
        let (found, report) = read(entry, flow, &files)?;
        let (printed, left) = scaffold.missing(&found.names, &found.there);
        let source = report.source(found.head.source);
        Ok(Self {
            there: left.into_iter().map(Line::start).collect(),
            file: source.path.clone(),
            before: source.text.to_string(),
            after: edit::edited(&source.text, &found, &printed.lines),
            printed,
            scaffold,
            entry,
            flow,
            files,
        })
    }

    /// Writes the file, where there is something to add.
    ///
    /// # Errors
    /// The configuration would be broken, or the file cannot be written, or it has changed since
    /// it was read.
    pub fn write(&self) -> Result<(), Refusal> {
        if self.printed.lines.is_empty() {
            return Ok(());
        }
        self.try_out()?;
        replace::replace(&self.file, &self.before, &self.after).map_err(|error| {
            let file = self.file.display();
            Refusal::Failed(format!("{file} is not written: {error}"))
        })
    }

    /// Reads the configuration as it would be.
    fn try_out(&self) -> Result<(), Refusal> {
        let now = load(self.entry, &self.files).report;
        let edited = self.files.with(&self.file, &self.after);
        let then = load(self.entry, &edited).report;
        if let Some(new) = new_errors(&now, &then) {
            return Err(Refusal::WouldBreak(new));
        }
        // Text that reads as something else than was meant need not be an error.
        let (found, _) = read(self.entry, self.flow, &edited)?;
        let (_, there) = self.scaffold.missing(&found.names, &found.there);
        if there.len() != self.there.len() + self.printed.lines.len() {
            return Err(Refusal::NoFlow(format!(
                "the `parse` of the flow {:?} is written in a way that nothing can be added to",
                self.flow
            )));
        }
        Ok(())
    }
}

fn read(entry: &Path, name: &str, files: &dyn Files) -> Result<(flow::Flow, Report), Refusal> {
    let mut report = Report::new();
    let tree = syntax::read(entry, files, &mut report);
    if report.has_errors() {
        report.sort();
        return Err(Refusal::Broken(report));
    }
    let flow = flow::find(&tree, name).map_err(Refusal::NoFlow)?;
    Ok((flow, report))
}

/// The errors of `then` that `now` does not have, wherever they stand; `None` where all are known.
fn new_errors(now: &Report, then: &Report) -> Option<Report> {
    let errors = |report: &Report| -> Vec<Diagnostic> {
        let all = report.diagnostics().iter();
        all.filter(|diagnostic| diagnostic.severity == Severity::Error)
            .cloned()
            .collect()
    };
    let mut known: HashMap<String, usize> = HashMap::new();
    for error in errors(now) {
        *known.entry(error.message).or_default() += 1;
    }
    let mut new = errors(then);
    new.retain(|error| match known.get_mut(&error.message) {
        Some(left) if *left > 0 => {
            *left -= 1;
            false
        }
        _ => true,
    });
    if new.is_empty() {
        return None;
    }
    let mut report = Report::new();
    for source in then.sources() {
        let id = report.add_source(&source.path, &source.name, source.text.clone());
        for masked in &source.masked {
            report.mask(Span::new(id, masked.start, masked.end));
        }
    }
    for error in new {
        report.push(error);
    }
    Some(report)
}

/// Files that are read once, and stay what they were then.
struct Frozen<'f> {
    files: &'f dyn Files,
    read: RefCell<HashMap<PathBuf, String>>,
}

impl<'f> Frozen<'f> {
    fn new(files: &'f dyn Files) -> Self {
        Self {
            files,
            read: RefCell::default(),
        }
    }

    /// The same, with another text in one file.
    fn with(&self, path: &Path, text: &str) -> Self {
        let mut read = self.read.borrow().clone();
        read.insert(path.to_owned(), text.to_owned());
        Self {
            files: self.files,
            read: RefCell::new(read),
        }
    }
}

impl Files for Frozen<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        if let Some(text) = self.read.borrow().get(path) {
            return Ok(text.clone());
        }
        let text = self.files.read(path)?;
        self.read.borrow_mut().insert(path.to_owned(), text.clone());
        Ok(text)
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        self.files.glob(pattern)
    }
}
