use std::fmt;

/// Why a configuration was refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reason {
    /// Something is wrong with its text, or a secret is missing.
    Broken,
    /// It is sound, but something outside of it is in the way: an address in use.
    Blocked,
}

impl fmt::Display for Reason {
    /// What is said behind the name of the file.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Broken => "is broken",
            Self::Blocked => "cannot go live",
        })
    }
}
