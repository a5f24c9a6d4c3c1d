use super::RunId;

/// What a run does again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ReplayOf {
    /// The run whose request it was.
    pub run: RunId,
    /// Whether somebody changed the request in between.
    pub is_edited: bool,
}
