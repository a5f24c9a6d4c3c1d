use std::{path::Path, sync::Arc};

use super::{
    load::Loaded,
    origin::Origin,
    secrets::{self, Keyring},
    token::derive_token,
};
use crate::{
    diagnostic::{Diagnostic, Report},
    event::FlowTallies,
    graph::{self, Graph, Resolved},
    model::{self, Configuration, Listen, Route, Routes, Secret, Server},
};

/// A configuration that is ready to be served once its addresses are bound: only then is it known
/// which port a `:0` came to.
#[derive(Debug)]
pub struct Assembled {
    flows: Vec<model::Flow>,
    resolved: Resolved,
    kept: String,
    origin: Origin,
}

impl Assembled {
    /// How it wants to be listened for.
    pub fn server(&self) -> &Server {
        &self.resolved.server
    }

    /// The revision's short content hash.
    pub fn revision(&self) -> &Arc<str> {
        &self.resolved.revision
    }

    /// All that it was read from, without secrets, as it is kept.
    pub fn kept(&self) -> &str {
        &self.kept
    }

    /// Where it was read.
    pub(super) fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The same, read while that commit was checked out.
    #[must_use]
    pub(super) fn at_commit(mut self, commit: Option<String>) -> Self {
        self.origin.commit = commit;
        self
    }

    /// The same, which was kept, and is not what the files say by now.
    #[must_use]
    pub(super) fn found_kept(mut self) -> Self {
        self.origin.is_kept = true;
        self
    }

    /// The same, with the counters that the flows had before.
    #[must_use]
    pub(super) fn counted_by(mut self, tallies: &FlowTallies) -> Self {
        self.resolved.tallies = tallies.clone();
        self
    }

    /// The graph, with URLs shown under `base_url`.
    pub fn compile(mut self, base_url: String) -> Graph {
        self.resolved.base_url = base_url;
        graph::compile(self.flows, self.resolved)
    }
}

/// Resolves what the file leaves open: secrets and generated paths. `None`, and errors in the
/// report, where a secret is missing or the file is broken.
pub fn assemble(loaded: &mut Loaded, file: &Path, installation_secret: &[u8]) -> Option<Assembled> {
    let configuration = loaded.configuration.take()?;
    let report = &mut loaded.report;
    let base = file.parent().unwrap_or(Path::new(""));
    let keyring = match Keyring::open(configuration.env_file.as_deref(), base) {
        Ok(keyring) => keyring,
        Err(why) => {
            report.push(Diagnostic::without_span(why));
            return None;
        }
    };
    let auth = secrets::resolve_auth(&configuration, &keyring, report);
    let secrets = secrets::resolve_named(&configuration, &keyring, &[]).into();
    let paths = paths(&configuration, installation_secret);
    let routes = routes(&paths, report);
    if report.has_errors() {
        report.sort();
        return None;
    }
    Some(Assembled {
        kept: loaded.to_kept(),
        origin: Origin::of(&loaded.reading, file),
        resolved: Resolved {
            revision: loaded.reading.revision(),
            server: configuration.server,
            auth,
            secrets,
            paths,
            routes,
            base_url: String::new(),
            tallies: FlowTallies::default(),
        },
        flows: configuration.flows,
    })
}

/// The graph of a revision that was kept: enough to finish its runs by, and to count them beside
/// those of today, not to serve requests from. Secrets that were written out are taken from what is `served` now.
///
/// # Errors
/// The file is not sound to this version, or a secret is missing; the sentence says so.
pub fn restore(
    loaded: &mut Loaded,
    file: &Path,
    revision: &str,
    served: &[(String, Secret)],
    tallies: FlowTallies,
) -> Result<Graph, String> {
    let Some(configuration) = loaded.configuration.take() else {
        let first = loaded.report.first_error().unwrap_or_default();
        return Err(format!(
            "the revision {revision} is no longer sound: {first}"
        ));
    };
    let base = file.parent().unwrap_or(Path::new(""));
    let keyring = Keyring::open(configuration.env_file.as_deref(), base)?;
    let secrets = secrets::resolve_named(&configuration, &keyring, served);
    for (name, _) in &configuration.secrets {
        if !secrets.iter().any(|(known, _)| known == name) {
            return Err(format!(
                "the revision {revision} names the secret `{name}`, which is not there any more"
            ));
        }
    }
    Ok(unguarded(
        configuration,
        revision,
        secrets,
        &[],
        tallies,
        loaded,
    ))
}

/// The graph of a configuration, to read by it requests that were let in before, and to look at
/// its flows: no request can be let in by it, and secrets may be missing. `None` where the file is
/// not sound.
pub fn read_by(
    loaded: &mut Loaded,
    file: &Path,
    revision: &str,
    installation_secret: &[u8],
) -> Option<Graph> {
    let configuration = loaded.configuration.take()?;
    let base = file.parent().unwrap_or(Path::new(""));
    let secrets = Keyring::open(configuration.env_file.as_deref(), base)
        .map(|keyring| secrets::resolve_named(&configuration, &keyring, &[]))
        .unwrap_or_default();
    Some(unguarded(
        configuration,
        revision,
        secrets,
        installation_secret,
        FlowTallies::default(),
        loaded,
    ))
}

fn unguarded(
    configuration: Configuration,
    revision: &str,
    secrets: Vec<(String, Secret)>,
    installation_secret: &[u8],
    tallies: FlowTallies,
    loaded: &mut Loaded,
) -> Graph {
    let flows = configuration.flows;
    let paths = paths_of(&flows, installation_secret);
    let resolved = Resolved {
        revision: revision.into(),
        server: configuration.server,
        auth: flows.iter().map(|_| Vec::new()).collect(),
        secrets: secrets.into(),
        routes: routes(&paths, &mut loaded.report),
        paths,
        base_url: String::new(),
        tallies,
    };
    graph::compile(flows, resolved)
}

/// Each flow's path, by flow: as written, or made from the installation's secret and the flow's
/// name, so that it stays the same over reloads and restarts. `None` where it has no webhook.
pub fn paths(configuration: &Configuration, installation_secret: &[u8]) -> Vec<Option<String>> {
    paths_of(&configuration.flows, installation_secret)
}

fn paths_of(flows: &[model::Flow], installation_secret: &[u8]) -> Vec<Option<String>> {
    flows
        .iter()
        .map(|flow| {
            Some(match &flow.trigger.as_ref()?.route {
                Some(route) => route.text().to_owned(),
                None => format!("/{}", derive_token(installation_secret, &flow.name)),
            })
        })
        .collect()
}

fn routes(paths: &[Option<String>], report: &mut Report) -> Routes<usize> {
    let mut routes = Routes::default();
    let paths = paths.iter().enumerate();
    for (i, path) in paths.filter_map(|(i, path)| Some((i, path.as_ref()?))) {
        // The checker knows the written paths to be sound; a generated one could meet them only
        // where somebody copied it into the file.
        let inserted = Route::parse(path)
            .map_err(|error| error.to_string())
            .and_then(|route| {
                routes
                    .insert(&route, i)
                    .map_err(|conflict| format!("two flows are on the path `{}`", conflict.with))
            });
        if let Err(message) = inserted {
            report.push(Diagnostic::without_span(message));
        }
    }
    routes
}

/// What URLs are shown under: `public-url`, else the first address.
pub fn base_url(server: &Server, bound: &[Listen]) -> String {
    if let Some(url) = &server.public_url {
        return url.clone();
    }
    let tcp = bound.iter().find_map(|listen| match listen {
        Listen::Tcp(address) => Some(address),
        Listen::Unix(_) => None,
    });
    match tcp {
        // Every address is no address to send to.
        Some(address) if address.ip().is_unspecified() => {
            format!("http://localhost:{}", address.port())
        }
        Some(address) => format!("http://{address}"),
        None => "http://localhost".to_owned(),
    }
}
