use std::{fmt, path::PathBuf};

/// Where a secret is kept. `app` resolves it; until then nothing secret is in memory, but for
/// [`SecretRef::Plain`], whose `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum SecretRef {
    /// `(env)"NAME"`: from the env-file, then the process.
    Env(String),
    /// `(file)"path"`: one trailing newline is dropped.
    File(PathBuf),
    /// `(credential)"name"`: a systemd credential, a file in `$CREDENTIALS_DIRECTORY`.
    Credential(String),
    /// Written into the configuration as it is.
    Plain(String),
}

impl fmt::Debug for SecretRef {
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
