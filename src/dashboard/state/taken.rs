/// A text for the viewer to take along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taken {
    /// What it is: `the body`.
    pub what: &'static str,
    /// What a file with it is called.
    pub file: String,
    /// The text.
    pub text: String,
    /// What is not in it, for the footer: ` · without cookie`.
    pub note: String,
    /// Whether credentials may stand in it: nobody looks over a viewer's shoulder at them then.
    pub is_private: bool,
}
