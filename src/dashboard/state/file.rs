/// What is to be put into a file of the viewer's own.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// What it is, in a word or two for the viewer: `the body`.
    pub what: &'static str,
    /// What the file may be called.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
    /// What is not in it, for the footer: ` · without cookie`.
    pub note: String,
}
