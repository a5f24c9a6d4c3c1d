use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use reqwest::redirect;
use rustls::ClientConfig;
use tokio::{sync::OnceCell, task};

use super::{resolver::Resolver, tls};
use crate::model::Outbound;

/// Who our requests are from.
const USER_AGENT: &str = concat!("hookyard/", env!("CARGO_PKG_VERSION"));

/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(60);
/// How many such connections are kept for each host.
const IDLE_PER_HOST: usize = 8;

/// The client of all requests, with the connections it keeps. It costs nothing before it is used
/// for the first time.
#[derive(Debug, Default)]
pub(in crate::engine) struct Client {
    tls: OnceCell<ClientConfig>,
    /// The last one in use, and what it may reach. A connection that was opened under one list is
    /// never used under another.
    current: Mutex<Option<(Arc<Outbound>, reqwest::Client)>>,
}

impl Client {
    /// The client for what may be reached.
    ///
    /// # Errors
    /// A sentence.
    pub async fn of(&self, outbound: &Arc<Outbound>) -> Result<reqwest::Client, String> {
        let tls = self.tls.get_or_try_init(read_tls).await?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            Some((held, client)) if held == outbound => Ok(client.clone()),
            _ => {
                let client = build(outbound, tls.clone())?;
                *current = Some((Arc::clone(outbound), client.clone()));
                Ok(client)
            }
        }
    }
}

async fn read_tls() -> Result<ClientConfig, String> {
    let read = task::spawn_blocking(tls::config).await;
    read.unwrap_or_else(|_| Err("TLS cannot be used: reading certificates panicked".to_owned()))
}

fn build(outbound: &Arc<Outbound>, tls: ClientConfig) -> Result<reqwest::Client, String> {
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        // A proxy would connect in our place, to what we did not look at.
        .no_proxy()
        // Each hop is looked at where it is followed.
        .redirect(redirect::Policy::none())
        .tls_backend_preconfigured(tls)
        .dns_resolver(Resolver::new(Arc::clone(outbound)))
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(IDLE_PER_HOST)
        .build()
        .map_err(|error| format!("there is no HTTP client: {error}"))
}
