use crate::dashboard::{action::Action, keymap::Keymap};

/// What is wrong with the file that says how the dashboard looks and listens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint {
    /// The first mistake, in one line.
    pub first: String,
    /// How many more there are.
    pub more: usize,
    /// All of them, as a terminal shows them.
    pub rendered: String,
}

impl Complaint {
    /// A single one, which has no place.
    pub fn of(line: String) -> Self {
        Self {
            rendered: line.clone(),
            first: line,
            more: 0,
        }
    }

    /// The words for the footer.
    pub(super) fn words(&self, keymap: &Keymap) -> String {
        let Self { first, more, .. } = self;
        match (more, keymap.key(Action::Diagnostics)) {
            (0, _) => first.clone(),
            (more, None) => format!("{first}, and {more} more"),
            (more, Some(key)) => format!("{first}, and {more} more: {key} shows them"),
        }
    }
}
