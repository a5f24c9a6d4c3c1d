use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use super::regular;
use crate::{
    diagnostic::{Diagnostic, Report, Severity},
    model::{Auth, Configuration, Secret, SecretPlace, SecretPlaces, SecretRef},
    run::SHORTEST_ENCODED,
};

/// Where secrets are looked up: the env-file, the process, the files.
#[derive(Debug)]
pub(super) struct Keyring {
    env_file: Option<PathBuf>,
    in_env_file: HashMap<String, String>,
    base: PathBuf,
}

impl Keyring {
    /// The keyring of a configuration in `base`, with its env-file.
    ///
    /// # Errors
    /// The env-file cannot be read; the sentence says why.
    pub fn open(env_file: Option<&Path>, base: &Path) -> Result<Self, String> {
        let in_env_file = match env_file {
            None => HashMap::new(),
            Some(path) => {
                let path = base.join(path);
                let text = regular::secrets(&path).map_err(|error| {
                    format!("the env-file {} cannot be read: {error}", path.display())
                })?;
                parse_env_file(&text)
            }
        };
        Ok(Self {
            env_file: env_file.map(Path::to_owned),
            in_env_file,
            base: base.to_owned(),
        })
    }

    /// The secret at a place.
    ///
    /// # Errors
    /// It is missing or empty; the sentence names the place, never the secret.
    pub fn resolve(&self, place: &SecretPlace) -> Result<Secret, String> {
        let (bytes, name) = match place {
            SecretPlace::Plain(text) => (text.clone().into_bytes(), "the secret".to_owned()),
            SecretPlace::Env(name) => {
                let value = self
                    .in_env_file
                    .get(name)
                    .cloned()
                    .or_else(|| std::env::var(name).ok())
                    .ok_or_else(|| format!("the environment variable {name} is not set"))?;
                (
                    value.into_bytes(),
                    format!("the environment variable {name}"),
                )
            }
            SecretPlace::File(path) => read_secret(&self.base.join(path))?,
            SecretPlace::Credential(name) => {
                let path = credential(name).ok_or_else(|| {
                    format!("the credential {name} is missing: $CREDENTIALS_DIRECTORY is not set, systemd's LoadCredential= sets it")
                })?;
                read_secret(&path)?
            }
        };
        Secret::new(bytes)
            .ok_or_else(|| format!("{name} is empty: an empty secret would let anybody in"))
    }

    /// What is told of a secret that could not be resolved.
    fn missing(&self, secret: &SecretRef, why: String, severity: Severity) -> Diagnostic {
        let diagnostic = Diagnostic::at(severity, Some(secret.span), why);
        match (&secret.place, &self.env_file) {
            (SecretPlace::Env(name), _) if self.has(name) => diagnostic,
            (SecretPlace::Env(_), Some(path)) => {
                diagnostic.help(format!("nor is it in the env-file {}", path.display()))
            }
            (SecretPlace::Env(_), None) => diagnostic
                .help("it may stand in a file, too: `secrets { env-file \"secrets.env\"; }`"),
            _ => diagnostic,
        }
    }

    /// Whether there is a variable of this name, even an empty one.
    fn has(&self, name: &str) -> bool {
        self.in_env_file.contains_key(name) || std::env::var_os(name).is_some()
    }
}

/// Where systemd puts a credential.
fn credential(name: &str) -> Option<PathBuf> {
    Some(Path::new(&std::env::var_os("CREDENTIALS_DIRECTORY")?).join(name))
}

fn read_secret(path: &Path) -> Result<(Vec<u8>, String), String> {
    let shown = format!("the secret file {}", path.display());
    let mut bytes =
        regular::secret(path).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    Ok((bytes, shown))
}

/// `NAME=value` lines, as systemd and docker read them: `#` comments, optional quotes.
fn parse_env_file(text: &str) -> HashMap<String, String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with(['#', ';']))
        .filter_map(|line| {
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (name, value) = line.split_once('=')?;
            let value = value.trim();
            let unquoted = ['"', '\'']
                .iter()
                .find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
            Some((name.trim().to_owned(), unquoted.unwrap_or(value).to_owned()))
        })
        .collect()
}

/// Every flow's ways to prove oneself, with their secrets; what is missing goes to the report.
pub(super) fn resolve_auth(
    configuration: &Configuration,
    keyring: &Keyring,
    report: &mut Report,
) -> Vec<Vec<Auth<Secret>>> {
    let mut missing = |secret: &SecretRef, why: String| {
        report.push(keyring.missing(secret, why, Severity::Error));
    };
    let resolved = configuration
        .flows
        .iter()
        .map(|flow| {
            let auth = flow.trigger.iter().flat_map(|trigger| &trigger.auth);
            auth.filter_map(|auth| {
                // Each is looked for, so that all that are missing are told at once.
                let mut found = auth
                    .secrets()
                    .map(|secret| {
                        keyring
                            .resolve(&secret.place)
                            .map_err(|why| missing(secret, why))
                    })
                    .collect::<Vec<_>>()
                    .into_iter();
                auth.try_map(|_| found.next().unwrap_or(Err(()))).ok()
            })
            .collect()
        })
        .collect();
    // Named ones are resolved even where nothing uses them yet, so that a slip shows at once.
    for (_, secret) in &configuration.secrets {
        if let Err(why) = keyring.resolve(&secret.place) {
            missing(secret, why);
        }
    }
    resolved
}

/// The named secrets, for steps, but for those that are missing. Where some are `served` already,
/// those that the file writes out are theirs.
pub(super) fn resolve_named(
    configuration: &Configuration,
    keyring: &Keyring,
    served: &[(String, Secret)],
) -> Vec<(String, Secret)> {
    let named = configuration.secrets.iter();
    named
        .filter_map(|(name, secret)| {
            let is_served = served.iter().find(|(known, _)| known == name);
            let secret = match (&secret.place, is_served) {
                (SecretPlace::Plain(_), Some((_, served))) => served.clone(),
                (place, _) => keyring.resolve(place).ok()?,
            };
            Some((name.clone(), secret))
        })
        .collect()
}

/// The files whose change may change a secret.
pub(super) fn files(configuration: &Configuration, base: &Path) -> Vec<PathBuf> {
    let named = configuration.secrets.iter().map(|(_, secret)| secret);
    let used = configuration
        .flows
        .iter()
        .flat_map(|flow| &flow.trigger)
        .flat_map(|trigger| &trigger.auth)
        .flat_map(Auth::secrets);
    named
        .chain(used)
        .filter_map(|secret| match &secret.place {
            SecretPlace::File(path) => Some(base.join(path)),
            SecretPlace::Credential(name) => credential(name),
            SecretPlace::Env(_) | SecretPlace::Plain(_) => None,
        })
        .chain(configuration.env_file.iter().map(|path| base.join(path)))
        .collect()
}

/// Warns of secrets that a server would refuse to start without.
pub fn warnings(places: &SecretPlaces, base: &Path, report: &mut Report) {
    let keyring = match Keyring::open(places.env_file.as_deref(), base) {
        Ok(keyring) => keyring,
        Err(why) => return report.push(Diagnostic::at(Severity::Warning, None, why)),
    };
    for secret in &places.secrets {
        match keyring.resolve(&secret.place) {
            Ok(found) if found.expose().len() < SHORTEST_ENCODED => {
                report.push(too_short(secret, found.expose().len()));
            }
            Ok(_) => {}
            Err(why) => report.push(keyring.missing(secret, why, Severity::Warning)),
        }
    }
}

/// What is told of a secret that cannot be kept out of everything.
fn too_short(secret: &SecretRef, bytes: usize) -> Diagnostic {
    let length = match bytes {
        1 => "1 byte".to_owned(),
        bytes => format!("{bytes} bytes"),
    };
    let told = format!("the secret has {length}, and so it cannot be kept out of records");
    Diagnostic::at(Severity::Warning, Some(secret.span), told).help(format!(
        "within base 64 it is not redacted: take {SHORTEST_ENCODED} bytes at least"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_env_file_has_comments_exports_and_quotes() {
        let read = parse_env_file("# a\nA=1\nexport B=\"x y\"\n\nC='z'\nD=a=b\n; no\nE\n");
        let mut names: Vec<_> = read.into_iter().collect();
        names.sort();
        let expected = [("A", "1"), ("B", "x y"), ("C", "z"), ("D", "a=b")];
        assert_eq!(names, expected.map(|(n, v)| (n.to_owned(), v.to_owned())));
    }
}
