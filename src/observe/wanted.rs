/// Which runs of the past are told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// The last ones, and the last failures before them.
    Latest,
    /// Dead ones that are kept, of all flows or of one.
    Dead(Option<String>),
}
