use std::{
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};

use hickory_resolver::{TokioResolver, config::ResolverConfig, net::runtime::TokioRuntimeProvider};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::gate;
use crate::model::Outbound;

/// Looks names up, and gives none but the addresses that may be connected to.
///
/// Not the C library's: in a static binary that one needs parts which may not be there.
#[derive(Clone)]
pub(super) struct Resolver(Arc<Inner>);

struct Inner {
    outbound: Arc<Outbound>,
    /// `None` until a name is looked up, and after that failed: what name servers there are may
    /// have changed since they were read.
    resolver: Mutex<Option<TokioResolver>>,
}

/// A name that has no address.
#[derive(Debug)]
pub(super) struct Unresolved {
    /// More than that there is none.
    pub why: Option<String>,
}

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot be resolved")
    }
}

impl Error for Unresolved {}

impl Resolver {
    pub fn new(outbound: Arc<Outbound>) -> Self {
        Self(Arc::new(Inner {
            outbound,
            resolver: Mutex::new(None),
        }))
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let found = inner.look_up(name.as_str()).await?;
            let permitted = gate::permitted(name.as_str(), found, &inner.outbound)?;
            // The port is the URL's.
            let addresses = permitted
                .into_iter()
                .map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(addresses) as Addrs)
        })
    }
}

impl Inner {
    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        let resolver = self.resolver()?;
        match resolver.lookup_ip(name).await {
            Ok(found) => Ok(found.iter().collect()),
            Err(error) if error.is_no_records_found() => Err(Unresolved { why: None }),
            Err(error) => {
                *self.lock() = None;
                Err(Unresolved {
                    why: Some(error.to_string()),
                })
            }
        }
    }

    fn resolver(&self) -> Result<TokioResolver, Unresolved> {
        let mut held = self.lock();
        if let Some(resolver) = &*held {
            return Ok(resolver.clone());
        }
        // Without name servers, what /etc/hosts says still holds.
        let builder = TokioResolver::builder_tokio().unwrap_or_else(|_| {
            TokioResolver::builder_with_config(
                ResolverConfig::default(),
                TokioRuntimeProvider::default(),
            )
        });
        let resolver = builder.build().map_err(|error| Unresolved {
            why: Some(error.to_string()),
        })?;
        Ok(held.insert(resolver).clone())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<TokioResolver>> {
        self.resolver.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
