use std::{
    fs::{DirBuilder, File, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use crate::auth;

/// The directory that holds what outlives a process. Nobody else may look into it.
#[derive(Clone, Debug)]
pub struct StateDir {
    path: PathBuf,
}

impl StateDir {
    /// Where it is: as given, else systemd's `$STATE_DIRECTORY`, else `.hookyard` beside the
    /// configuration.
    pub fn locate(given: Option<&Path>, configuration: &Path) -> Self {
        let path = match (given, std::env::var_os("STATE_DIRECTORY")) {
            (Some(given), _) => given.to_owned(),
            // systemd separates several by colons; the first is ours.
            (None, Some(paths)) if !paths.is_empty() => std::env::split_paths(&paths)
                .next()
                .unwrap_or_else(|| PathBuf::from(&paths)),
            (None, _) => configuration
                .parent()
                .unwrap_or(Path::new(""))
                .join(".hookyard"),
        };
        Self { path }
    }

    /// The directory, where it holds no installation secret yet: the URLs that are made from one
    /// will be new.
    pub fn without_secret(given: Option<&Path>, configuration: &Path) -> Option<PathBuf> {
        let state = Self::locate(given, configuration);
        let is_there = state.secret_path().try_exists();
        // What cannot be looked into is told by whoever opens it.
        (!is_there.unwrap_or(true)).then_some(state.path)
    }

    /// The directory, created where it is not there.
    ///
    /// # Errors
    /// It cannot be used; the sentence says which, and why.
    pub fn open(given: Option<&Path>, configuration: &Path) -> Result<Self, String> {
        let state = Self::locate(given, configuration);
        match state.create() {
            Ok(()) => Ok(state),
            Err(error) => Err(state.unusable(&error)),
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where it is noted which programs run.
    pub fn programs(&self) -> PathBuf {
        self.path.join("programs")
    }

    /// The installation's secret.
    ///
    /// # Errors
    /// The directory cannot be used; the sentence says which, and why.
    pub fn secret(&self) -> Result<Vec<u8>, String> {
        self.installation_secret()
            .map_err(|error| self.unusable(&error))
    }

    fn unusable(&self, error: &io::Error) -> String {
        let path = self.path.display();
        format!("the state directory {path} cannot be used: {error}")
    }

    fn secret_path(&self) -> PathBuf {
        self.path.join("installation-secret")
    }

    /// Creates it where it is not there, readable by its owner alone. What it stands in is not
    /// created: a slip in a path would leave directories behind.
    ///
    /// # Errors
    /// It cannot be created or closed to others.
    fn create(&self) -> io::Result<()> {
        match DirBuilder::new().mode(0o700).create(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
            _ => {}
        }
        let metadata = self.path.metadata()?;
        if !metadata.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        if metadata.permissions().mode() & 0o077 != 0 {
            std::fs::set_permissions(&self.path, std::fs::Permissions::from_mode(0o700))?;
        }
        let ignore = self.path.join(".gitignore");
        if !ignore.exists() {
            std::fs::write(ignore, "# state, not configuration\n*\n")?;
        }
        Ok(())
    }

    /// This installation's secret, from which unguessable paths are made; created the first time.
    ///
    /// # Errors
    /// It can be neither read nor created, or it is too short to be one.
    fn installation_secret(&self) -> io::Result<Vec<u8>> {
        const LENGTH: usize = 32;
        let path = self.secret_path();
        match File::open(&path) {
            Ok(mut file) => {
                let mut secret = Vec::new();
                file.read_to_end(&mut secret)?;
                if secret.len() < LENGTH {
                    return Err(io::Error::new(
                        io::ErrorKind::InvalidData,
                        format!(
                            "{} is cut short; a new one would change all generated URLs: restore it, or delete it",
                            path.display()
                        ),
                    ));
                }
                Ok(secret)
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut secret = vec![0; LENGTH];
                auth::random(&mut secret)
                    .map_err(|error| io::Error::other(format!("no random numbers: {error}")))?;
                self.create()?;
                // Written aside and linked into place, so that two starts at once agree on one.
                let aside = self
                    .path
                    .join(format!("installation-secret.{}", std::process::id()));
                let mut file = OpenOptions::new()
                    .write(true)
                    .create(true)
                    .truncate(true)
                    .mode(0o600)
                    .open(&aside)?;
                file.write_all(&secret)?;
                file.sync_all()?;
                let linked = std::fs::hard_link(&aside, &path);
                std::fs::remove_file(&aside)?;
                match linked {
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                        self.installation_secret()
                    }
                    Err(error) => Err(error),
                    Ok(()) => Ok(secret),
                }
            }
            Err(error) => Err(error),
        }
    }
}
