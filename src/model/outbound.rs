use std::{error::Error, fmt, net::IpAddr, str::FromStr};

use ipnet::IpNet;

use super::address::reserved;

/// `server { outbound { allow … } }`: what requests of steps may reach beyond public addresses,
/// and which hosts a template may choose.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outbound {
    /// In the order of the file.
    pub allow: Vec<Allowed>,
}

/// One entry of `allow`; names are in lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Allowed {
    /// `"10.0.0.0/8"`; a single address is a network of one.
    Network(IpNet),
    /// `"ntfy.internal"`: whatever the name leads to.
    Host(Box<str>),
    /// `"*.example.org"`: every name below `example.org`, which is kept here, but not itself.
    Below(Box<str>),
}

/// An address that is not public, and that no entry of `allow` covers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Barred {
    /// The address.
    pub address: IpAddr,
    /// What it is, with its article: "a loopback address".
    pub kind: &'static str,
}

/// A text that is neither a network, an address nor a host's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NotAllowable;

impl Outbound {
    /// Whether an address is named, or in a network that is.
    pub fn covers_address(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.allow.iter().any(|allowed| match allowed {
            Allowed::Network(network) => network.contains(&address),
            Allowed::Host(_) | Allowed::Below(_) => false,
        })
    }

    /// Looks whether an address may be connected to.
    ///
    /// # Errors
    /// It may not.
    pub fn permit(&self, address: IpAddr) -> Result<(), Barred> {
        match reserved(address) {
            Some(kind) if !self.covers_address(address) => Err(Barred { address, kind }),
            _ => Ok(()),
        }
    }

    /// Whether a host's name is named.
    pub fn covers_name(&self, name: &str) -> bool {
        let name = name.strip_suffix('.').unwrap_or(name);
        self.allow.iter().any(|allowed| match allowed {
            Allowed::Network(_) => false,
            Allowed::Host(host) => name.eq_ignore_ascii_case(host),
            Allowed::Below(parent) => name
                .len()
                .checked_sub(parent.len() + 1)
                .and_then(|at| name.get(at..)?.strip_prefix('.'))
                .is_some_and(|end| end.eq_ignore_ascii_case(parent)),
        })
    }
}

impl FromStr for Allowed {
    type Err = NotAllowable;

    fn from_str(text: &str) -> Result<Self, NotAllowable> {
        if let Ok(network) = text.parse::<IpNet>() {
            return Ok(Self::Network(network));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Self::Network(IpNet::from(address.to_canonical())));
        }
        match text.strip_prefix("*.") {
            Some(parent) if is_name(parent) => Ok(Self::Below(parent.to_ascii_lowercase().into())),
            None if is_name(text) => Ok(Self::Host(text.to_ascii_lowercase().into())),
            _ => Err(NotAllowable),
        }
    }
}

impl Barred {
    /// The sentence that says so of a host that leads to the address: its name, or the address
    /// itself.
    pub fn of(&self, host: &str) -> String {
        let Self { address, kind } = self;
        if host.parse() == Ok(*address) {
            Self::told(&format!("{address} is {kind}"))
        } else {
            Self::told(&format!("{host} leads to {address}, {kind}"))
        }
    }

    /// The same of a host that is not to be named.
    pub fn of_nobody(&self) -> String {
        Self::told(&format!("the server is at {}", self.kind))
    }

    fn told(what: &str) -> String {
        format!("{what}, and `server {{ outbound {{ allow … }} }}` does not name it")
    }
}

impl fmt::Display for Barred {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.of(&self.address.to_string()))
    }
}

impl Error for Barred {}

/// Whether a text can be a host's name (RFC 1123, 2.1); underscores are let through, since
/// resolvers do. What ends in digits alone would be read as an address.
fn is_name(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.len() <= 253
        && text.split('.').all(is_label)
        && !last.bytes().all(|byte| byte.is_ascii_digit())
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Network(network) => network.fmt(f),
            Self::Host(host) => f.write_str(host),
            Self::Below(parent) => write!(f, "*.{parent}"),
        }
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

    #[test]
    fn networks_and_addresses_cover_addresses_however_they_are_written() {
        let outbound = outbound(&["10.0.0.0/8", "127.0.0.1", "fd00::/8", "::1"]);
        for (address, is_covered) in [
            ("10.255.0.1", true),
            ("11.0.0.1", false),
            ("127.0.0.1", true),
            ("127.0.0.2", false),
            ("::ffff:127.0.0.1", true),
            ("::ffff:127.0.0.2", false),
            ("fd12::1", true),
            ("::1", true),
            ("::2", false),
        ] {
            let covered = outbound.covers_address(address.parse().unwrap());
            assert_eq!(covered, is_covered, "{address}");
        }
    }

    #[test]
    fn names_cover_names_and_patterns_what_is_below_them() {
        let outbound = outbound(&["ntfy.internal", "*.example.org", "10.0.0.0/8"]);
        for (name, is_covered) in [
            ("ntfy.internal", true),
            ("NTFY.internal.", true),
            ("a.ntfy.internal", false),
            ("a.example.org", true),
            ("a.b.Example.org", true),
            ("example.org", false),
            ("badexample.org", false),
            ("é.org", false),
            ("org", false),
        ] {
            assert_eq!(outbound.covers_name(name), is_covered, "{name}");
        }
    }

    #[test]
    fn what_is_no_network_address_or_name_is_refused() {
        for text in [
            "",
            "*",
            "*.",
            "a*.example.org",
            "*.*.org",
            "https://a.org",
            "a.org:80",
            "a b",
            "10.0.0.0/33",
            "300.0.0.1",
            "10.0.0",
            "-a.org",
            "a..org",
        ] {
            assert_eq!(text.parse::<Allowed>(), Err(NotAllowable), "{text}");
        }
    }
}
