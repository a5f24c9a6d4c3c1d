/// How closely runs are followed, from afar to near.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Closeness {
    /// Their ends.
    Ends,
    /// And the answers that leave before a run begins.
    Answers,
    /// And how far they are on their way.
    Steps,
}
