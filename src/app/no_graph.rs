/// Why there is no graph of an old revision.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum NoGraph {
    /// The store cannot be read now, and may be the next moment; the sentence says why.
    NotYet(String),
    /// There never will be one; the sentence says why.
    Never(String),
}
