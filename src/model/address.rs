//! Which addresses are anybody's, and which are not to be reached by accident.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What kind of address it is, where it is not one of the public internet; with its article, to
/// be told. After the registries of special-purpose addresses (RFC 6890), of IANA.
pub(super) fn reserved(address: IpAddr) -> Option<&'static str> {
    match address.to_canonical() {
        IpAddr::V4(address) => reserved_v4(address),
        IpAddr::V6(address) => reserved_v6(address),
    }
}

fn reserved_v4(address: Ipv4Addr) -> Option<&'static str> {
    Some(match address.octets() {
        [0, 0, 0, 0] => "the unspecified address",
        // "This network" (RFC 791, 3.2): Linux takes some of it for the machine itself.
        [0, ..] => "a reserved address",
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => "a private address",
        [100, 64..=127, ..] => "a shared address of a carrier",
        [127, ..] => "a loopback address",
        [169, 254, ..] => "a link-local address",
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => "an address for documentation",
        // Protocol assignments, the relays of 6to4, benchmarks.
        [192, 0, 0, _] | [192, 88, 99, _] | [198, 18..=19, ..] => "a reserved address",
        [224..=239, ..] => "a multicast address",
        [240..=255, ..] => "a reserved address",
        _ => return None,
    })
}

fn reserved_v6(address: Ipv6Addr) -> Option<&'static str> {
    let segments = address.segments();
    Some(match segments {
        [0, 0, 0, 0, 0, 0, 0, 0] => "the unspecified address",
        [0, 0, 0, 0, 0, 0, 0, 1] => "a loopback address",
        // NAT64 (RFC 6052): it leads to the IPv4 address in its end, and a machine that has
        // only IPv6 reaches the rest of the world by it.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            return reserved_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
        }
        [0xfc00..=0xfdff, ..] => "a private address",
        [0xfe80..=0xfebf, ..] => "a link-local address",
        [0xff00..=0xffff, ..] => "a multicast address",
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => "an address for documentation",
        [0x2002, ..] => "an address of 6to4",
        // Teredo and other protocols'.
        [0x2001, 0..=0x1ff, ..] => "a reserved address",
        // Global unicast (RFC 4291, 2.4, as far as any of it was ever given out).
        [0x2000..=0x3fff, ..] => return None,
        _ => "a reserved address",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_not_reserved_however_they_are_wrapped() {
        for (address, kind) in [
            ("8.8.8.8", None),
            ("1.1.1.1", None),
            ("172.15.255.255", None),
            ("172.32.0.0", None),
            ("100.63.255.255", None),
            ("100.128.0.0", None),
            ("192.0.1.0", None),
            ("223.255.255.255", None),
            ("2606:4700::1111", None),
            ("2001:4860:4860::8888", None),
            ("::ffff:8.8.8.8", None),
            ("64:ff9b::808:808", None),
            ("0.0.0.0", Some("the unspecified address")),
            ("0.1.2.3", Some("a reserved address")),
            ("10.0.0.0", Some("a private address")),
            ("10.255.255.255", Some("a private address")),
            ("172.16.0.0", Some("a private address")),
            ("172.31.255.255", Some("a private address")),
            ("192.168.1.1", Some("a private address")),
            ("100.64.0.0", Some("a shared address of a carrier")),
            ("100.127.255.255", Some("a shared address of a carrier")),
            ("127.0.0.1", Some("a loopback address")),
            ("127.255.255.255", Some("a loopback address")),
            ("169.254.169.254", Some("a link-local address")),
            ("192.0.0.1", Some("a reserved address")),
            ("192.0.2.1", Some("an address for documentation")),
            ("198.51.100.1", Some("an address for documentation")),
            ("203.0.113.1", Some("an address for documentation")),
            ("192.88.99.1", Some("a reserved address")),
            ("198.18.0.1", Some("a reserved address")),
            ("198.19.255.255", Some("a reserved address")),
            ("224.0.0.1", Some("a multicast address")),
            ("239.255.255.255", Some("a multicast address")),
            ("240.0.0.1", Some("a reserved address")),
            ("255.255.255.255", Some("a reserved address")),
            ("::", Some("the unspecified address")),
            ("::1", Some("a loopback address")),
            ("::7f00:1", Some("a reserved address")),
            ("::ffff:127.0.0.1", Some("a loopback address")),
            ("::ffff:169.254.169.254", Some("a link-local address")),
            ("::ffff:0.0.0.0", Some("the unspecified address")),
            ("64:ff9b::7f00:1", Some("a loopback address")),
            ("64:ff9b::a9fe:a9fe", Some("a link-local address")),
            ("64:ff9b:1::808:808", Some("a reserved address")),
            ("100::1", Some("a reserved address")),
            ("2001::1", Some("a reserved address")),
            ("2001:20::1", Some("a reserved address")),
            ("2001:db8::1", Some("an address for documentation")),
            ("3fff::1", Some("an address for documentation")),
            ("2002:7f00:1::", Some("an address of 6to4")),
            ("2002:808:808::", Some("an address of 6to4")),
            ("4000::1", Some("a reserved address")),
            ("fc00::1", Some("a private address")),
            ("fdff::1", Some("a private address")),
            ("fe80::1", Some("a link-local address")),
            ("febf::1", Some("a link-local address")),
            ("fec0::1", Some("a reserved address")),
            ("ff02::1", Some("a multicast address")),
        ] {
            assert_eq!(reserved(address.parse().unwrap()), kind, "{address}");
        }
    }
}
