use super::RunId;

/// What a run goes on with that is the rest of another one: `respond 200 then="continue"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Continues {
    /// The run that answered.
    pub run: RunId,
    /// The step it begins at.
    pub from: u32,
}
