use std::collections::HashSet;

use crate::{
    draft::{Line, Scaffold},
    run::VariableShape,
};

/// The lines that a `parse` block could have, and those that are ticked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picker {
    scaffold: Scaffold,
    /// What the flow reads already: where from, and what it calls it.
    known: Vec<(String, String)>,
    ticked: Vec<bool>,
    cursor: usize,
    block: Option<String>,
    notes: Vec<String>,
}

impl Picker {
    /// Nothing is ticked yet.
    pub(super) fn new(scaffold: Scaffold, variables: &[VariableShape]) -> Self {
        let known = variables
            .iter()
            .map(|variable| (variable.source.clone(), variable.name.clone()));
        let mut picker = Self {
            ticked: vec![false; scaffold.places().len()],
            known: known.collect(),
            scaffold,
            cursor: 0,
            block: None,
            notes: Vec::new(),
        };
        picker.draw_up();
        picker
    }

    /// The lines there are, and which of them are ticked.
    pub fn lines(&self) -> impl ExactSizeIterator<Item = (&Line, bool)> {
        self.scaffold
            .places()
            .iter()
            .zip(self.ticked.iter().copied())
    }

    /// The line that is selected.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// The variable that the flow has of a line already.
    pub fn known_as(&self, line: &Line) -> Option<&str> {
        let source = line.source();
        self.known
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(&source))
            .map(|(_, name)| &**name)
    }

    /// The block with the ticked lines; none where nothing is ticked.
    pub fn block(&self) -> Option<&str> {
        self.block.as_deref()
    }

    /// What could not be offered, and why.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    pub(super) fn go(&mut self, rows: isize) {
        let last = self.ticked.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(rows).min(last);
    }

    pub(super) fn tick(&mut self) {
        if let Some(ticked) = self.ticked.get_mut(self.cursor) {
            *ticked = !*ticked;
        }
        self.draw_up();
    }

    pub(super) fn tick_all(&mut self) {
        let all = self.ticked.iter().all(|ticked| *ticked);
        self.ticked.fill(!all);
        self.draw_up();
    }

    fn draw_up(&mut self) {
        let chosen: Vec<&Line> = self
            .lines()
            .filter(|(_, ticked)| *ticked)
            .map(|(line, _)| line)
            .collect();
        // A line that is chosen again may have its name again.
        let names: HashSet<String> = self
            .known
            .iter()
            .filter(|(source, _)| {
                !chosen
                    .iter()
                    .any(|line| line.source().eq_ignore_ascii_case(source))
            })
            .map(|(_, name)| name.clone())
            .collect();
        let keys = chosen.iter().map(|line| line.key()).collect();
        let printed = self.scaffold.chosen(&names, &keys);
        let block = (!chosen.is_empty()).then(|| Scaffold::block(&printed));
        self.block = block;
        self.notes = printed.notes;
    }
}
