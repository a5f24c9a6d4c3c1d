use std::{borrow::Cow, fmt};

use crate::model::Origin;

/// The other side, as messages name it.
#[derive(Clone, Debug)]
pub(in crate::engine) enum Peer {
    /// By its name or address.
    At(Origin),
    /// Not at all: a secret says where it is.
    Secret,
}

impl Peer {
    /// Its name or address, without the port.
    pub fn host(&self) -> Cow<'_, str> {
        match self {
            Self::At(origin) => Cow::Borrowed(&origin.host),
            Self::Secret => Cow::Borrowed("the server"),
        }
    }

    /// Another origin, which is to be named, or not, as this one is.
    pub fn moved_to(&self, origin: &Origin) -> Self {
        match self {
            Self::At(_) => Self::At(origin.clone()),
            Self::Secret => Self::Secret,
        }
    }
}

impl fmt::Display for Peer {
    /// With its port.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::At(origin) => origin.fmt(f),
            Self::Secret => f.write_str(&self.host()),
        }
    }
}
