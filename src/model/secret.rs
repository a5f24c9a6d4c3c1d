use std::{fmt, path::PathBuf};

use crate::diagnostic::Span;

/// A secret as the file names it; `app` resolves it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SecretRef {
    /// Where it is kept.
    pub place: SecretPlace,
    /// Where the file names it.
    pub span: Span,
}

/// Where a secret is kept. Nothing secret is in memory yet, but for [`SecretPlace::Plain`], whose
/// `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SecretPlace {
    /// `(env)"NAME"`: from the env-file, then the process.
    Env(String),
    /// `(file)"path"`: one trailing newline is dropped.
    File(PathBuf),
    /// `(credential)"name"`: a systemd credential, a file in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// Written into the configuration as it is.
    Plain(String),
}

impl fmt::Debug for SecretPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Env(name) => write!(f, "(env){name:?}"),
            Self::File(path) => write!(f, "(file){path:?}"),
            Self::Credential(name) => write!(f, "(credential){name:?}"),
            Self::Plain(_) => f.write_str("***"),
        }
    }
}

/// A resolved secret. Never empty; nothing prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<[u8]>);

impl Secret {
    /// A secret, or `None` where there is nothing in it: an empty secret verifies anybody.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<Self> {
        let bytes = bytes.into();
        (!bytes.is_empty()).then(|| Self(bytes.into_boxed_slice()))
    }

    /// The bytes themselves, for comparing and sending only.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
