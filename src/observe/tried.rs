use crate::run::RunId;

/// Which way an edited request would go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tried {
    /// The run whose request it was.
    pub run: RunId,
    /// What it is about.
    pub title: String,
    /// The way, in as many lines as it has.
    pub text: String,
    /// What may be done outside where it is sent; `None` where it cannot be.
    pub effects: Option<Vec<String>>,
}
