use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};

/// How servers prove who they are: by the authorities that this machine trusts, and by those of
/// Mozilla, so that a machine with none of its own can be used. Reads files.
///
/// # Errors
/// A sentence.
pub(super) fn config() -> Result<ClientConfig, String> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    // Some that cannot be read make those that can no worse.
    let own = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(own.certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("TLS cannot be used: {error}"))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
