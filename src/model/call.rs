use super::{Absence, Kind, SetValue};

/// `call "flow" as="…" { with …; }`.
#[derive(Debug)]
pub struct Call {
    /// The name of the flow; one that is there, and has no webhook.
    pub flow: String,
    /// What it is given, by the names of its inputs.
    pub inputs: Vec<(String, SetValue)>,
    /// The variable that takes its output.
    pub output: Option<u32>,
}

/// `input "name" type="…" required=#true`, of a flow that is called.
#[derive(Debug)]
pub struct Input {
    /// The type it must have.
    pub kind: Option<Kind>,
    /// What happens when it is not given: the call fails, where it is required.
    pub absence: Absence,
}

/// How deep calls go at most.
pub const MOST_CALLS: usize = 16;
