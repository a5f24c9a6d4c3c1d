/// What steps act on the world by, shared by all runs.
#[derive(Debug, Default)]
pub struct Means {}
