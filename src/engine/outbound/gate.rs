//! What may be connected to: decided on addresses, never on names alone, so that a name that
//! changes its mind after it was looked at gains nothing.

use std::net::IpAddr;

use url::{Host, Url};

use crate::model::{Barred, Outbound};

/// The addresses of a name that may be connected to.
///
/// # Errors
/// There are some, and none of them may be.
pub(super) fn permitted(
    name: &str,
    addresses: impl IntoIterator<Item = IpAddr>,
    outbound: &Outbound,
) -> Result<Vec<IpAddr>, Barred> {
    let is_named = outbound.covers_name(name);
    let mut barred = None;
    let mut permitted = Vec::new();
    for address in addresses {
        match outbound.permit(address) {
            Err(why) if !is_named => {
                barred.get_or_insert(why);
            }
            _ => permitted.push(address),
        }
    }
    match barred {
        Some(barred) if permitted.is_empty() => Err(barred),
        _ => Ok(permitted),
    }
}

/// Looks at the address in a URL, which is connected to without being looked up.
///
/// # Errors
/// It has one that may not be connected to.
pub(super) fn check_literal(url: &Url, outbound: &Outbound) -> Result<(), Barred> {
    match literal(url) {
        Some(address) => outbound.permit(address),
        None => Ok(()),
    }
}

/// Whether the server names what a URL leads to: a name by name, an address by address.
pub(in crate::engine) fn is_named(url: &Url, outbound: &Outbound) -> bool {
    match literal(url) {
        Some(address) => outbound.covers_address(address),
        None => url
            .host_str()
            .is_some_and(|name| outbound.covers_name(name)),
    }
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Domain(_) => None,
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outbound(allow: &[&str]) -> Outbound {
        let allow = allow.iter().map(|text| text.parse().unwrap());
        Outbound {
            allow: allow.collect(),
        }
    }

    fn addresses(texts: &[&str]) -> Vec<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn a_name_leads_to_its_public_addresses_alone_unless_it_is_named() {
        let both = addresses(&["127.0.0.1", "8.8.8.8"]);
        let public = addresses(&["8.8.8.8"]);
        for (allow, expected) in [
            (&[][..], &public),
            (&["a.org"], &both),
            (&["*.org"], &both),
            (&["127.0.0.0/8"], &both),
            (&["b.org", "10.0.0.0/8"], &public),
        ] {
            let found = permitted("a.org", both.clone(), &outbound(allow));
            assert_eq!(found.as_ref(), Ok(expected), "{allow:?}");
        }
    }

    #[test]
    fn a_name_with_reserved_addresses_alone_is_barred() {
        let found = permitted("a.org", addresses(&["10.0.0.1", "::1"]), &outbound(&[]));
        let barred = Barred {
            address: "10.0.0.1".parse().unwrap(),
            kind: "a private address",
        };
        assert_eq!(found, Err(barred));
    }

    #[test]
    fn an_address_in_a_url_is_found_in_all_its_spellings() {
        for url in [
            "http://127.0.0.1/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://127.0.0.1./",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[64:ff9b::127.0.0.1]/",
        ] {
            let parsed = Url::parse(url).unwrap();
            let found = check_literal(&parsed, &outbound(&[])).map_err(|barred| barred.kind);
            assert_eq!(found, Err("a loopback address"), "{url}");
        }
    }
}
