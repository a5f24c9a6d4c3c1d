use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::{expression, names::Names};
use crate::{
    diagnostic::{Diagnostic, Report},
    expr::{BLANK, Lenience, Template},
    model::{Barred, Origin, Outbound},
    syntax::Scalar,
};

/// Where a request goes.
pub(super) struct Target {
    pub template: Template,
    /// As written, without user and password.
    pub shown: String,
    /// Where it leads; `None` where a template chooses that.
    pub origin: Option<Origin>,
}

/// A URL whose scheme and host are written out, unless the server names what they may come to.
pub(super) fn target(value: &Scalar, names: &mut Names, report: &mut Report) -> Option<Target> {
    let template = names.naming_secrets(|names| {
        expression::template(value, "a URL", Lenience::Strict, names, report)
    })?;
    let outline = template.outline();
    let parts = Parts::of(&outline);
    let is_known = parts
        .as_ref()
        .is_some_and(|parts| !parts.scheme.contains(BLANK) && !parts.host.contains(BLANK));
    let origin = if is_known || template.as_constant().is_some() {
        Some(written(parts.as_ref(), value, names, report)?)
    } else {
        let chosen = &names.around().outbound;
        if chosen
            .as_ref()
            .is_some_and(|outbound| outbound.allow.is_empty())
        {
            report.push(
                Diagnostic::error(value.span, "the host of this URL comes from a template")
                    .help("write the host out, or name it in `server { outbound { allow … } }`"),
            );
            return None;
        }
        None
    };
    let mut shown = template.text().to_owned();
    if let Some(parts) = parts {
        shown.replace_range(parts.user, "");
    }
    Some(Target {
        template,
        shown,
        origin,
    })
}

/// The origin that is written out. One that could never be asked is an error now, and not only of
/// each run.
fn written(
    parts: Option<&Parts<'_>>,
    value: &Scalar,
    names: &Names,
    report: &mut Report,
) -> Option<Origin> {
    let Some(origin) = parts.and_then(Parts::origin) else {
        report.push(
            Diagnostic::error(value.span, "this is no URL of a web server")
                .help("\"https://example.org/path\": `http` or `https`, and a host"),
        );
        return None;
    };
    if let Some(barred) = names
        .around()
        .outbound
        .as_ref()
        .and_then(|outbound| barred(&origin, outbound))
    {
        let host = origin.host.trim_matches(['[', ']']);
        let entry = match host.parse::<IpAddr>() {
            Ok(address) => address.to_canonical().to_string(),
            Err(_) => host.to_owned(),
        };
        report.push(Diagnostic::error(value.span, barred.of(host)).help(format!(
            "`server {{ outbound {{ allow {entry:?}; }} }}`, if that is what you mean"
        )));
        return None;
    }
    Some(origin)
}

/// Why an origin can never be asked, as far as it is known without looking its name up.
fn barred(origin: &Origin, outbound: &Outbound) -> Option<Barred> {
    let host = origin.host.trim_matches(['[', ']']);
    // A name of this machine (RFC 6761, 6.3).
    let is_local = host == "localhost" || host.ends_with(".localhost");
    if is_local && !outbound.covers_name(host) {
        let loopback = [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
        let [four, six] = loopback.map(|address: IpAddr| outbound.permit(address));
        return six.or(four).err();
    }
    outbound.permit(host.parse().ok()?).err()
}

/// The parts of a URL's outline that say where it leads (RFC 3986, 3).
struct Parts<'o> {
    scheme: &'o str,
    /// Where user and password stand, the `@` behind them included.
    user: std::ops::Range<usize>,
    /// With the port.
    host: &'o str,
}

impl<'o> Parts<'o> {
    fn of(outline: &'o str) -> Option<Self> {
        let (scheme, rest) = outline.split_once("://")?;
        let start = scheme.len() + "://".len();
        // A `\` is as good as a `/` to those who parse URLs as browsers do.
        let length = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
        let authority = &rest[..length];
        let user = authority.rfind('@').map_or(0, |at| at + 1);
        Some(Self {
            scheme,
            user: start..start + user,
            host: &authority[user..],
        })
    }

    fn origin(&self) -> Option<Origin> {
        Origin::parse(&format!("{}://{}/", self.scheme, self.host))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_a_url_are_found_whatever_stands_in_them() {
        for (outline, scheme, user, host) in [
            ("https://a.org", "https", "", "a.org"),
            ("https://a.org:8443/x@y", "https", "", "a.org:8443"),
            ("http://u:p@a.org?x", "http", "u:p@", "a.org"),
            ("http://u@v@a.org#x", "http", "u@v@", "a.org"),
            ("http://a.org\\@b.org/", "http", "", "a.org"),
            ("http://[::1]:80/", "http", "", "[::1]:80"),
        ] {
            let parts = Parts::of(outline).unwrap();
            let found = (parts.scheme, &outline[parts.user.clone()], parts.host);
            assert_eq!(found, (scheme, user, host), "{outline}");
        }
        assert!(Parts::of("a.org/x").is_none());
    }
}
