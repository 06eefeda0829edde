//! The network that somebody comes from, as far as anybody knows.

use std::net::{IpAddr, Ipv4Addr};

use crate::{app::App, config::Config};

/// A network as it is kept; empty where nobody knows.
pub fn caller_key(app: &App, caller: &str) -> String {
    let network = if is_told(&app.config) { network(caller) } else { String::new() };
    if network.is_empty() { network } else { app.keys.digest("code caller", &network) }
}

/// Whether anybody says where a request comes from. TLS is a proxy's: behind one that names no address everybody has the
/// proxy's, and a limit for one network would be one for all.
fn is_told(config: &Config) -> bool {
    config.address_header.is_some() || !config.public_url.starts_with("https://")
}

/// The network that an address is in: of whoever has one, they have many. Empty where nobody knows: an address of this
/// machine, or one that is nowhere in the internet, is that of a proxy or a container, with everybody behind it.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(address) if is_inner(address) => String::new(),
        Ok(IpAddr::V4(address)) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}::/48")
        }
        Err(_) => String::new(),
    }
}

fn is_inner(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            // 100.64.0.0/10 (RFC 6598) is between a carrier and its customers.
            let is_shared = a == 100 && (64..128).contains(&b);
            let is_private =
                address.is_private() || address.is_link_local() || address == Ipv4Addr::UNSPECIFIED;
            address.is_loopback() || is_private || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, is_told, network};

    #[test]
    fn neighbours_are_one_network() {
        assert_eq!(network("203.0.113.9"), network("203.0.113.200"));
        assert_ne!(network("203.0.113.9"), network("203.0.114.9"));
        assert_eq!(network("2001:db8:1:2::3"), network("2001:db8:1:9::1"));
        assert_ne!(network("2001:db8:1::3"), network("2001:db8:2::3"));
    }

    #[test]
    fn a_proxys_address_is_nobodys() {
        for proxy in
            ["", "127.0.0.1", "::1", "10.0.0.5", "172.17.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"]
        {
            assert_eq!(network(proxy), "", "{proxy}");
        }
        assert_eq!([network("172.32.0.1"), network("100.128.0.1")], ["172.32.0.0/24", "100.128.0.0/24"]);
        let with = |url: &str, header: Option<&str>| {
            let address_header = header.map(str::to_owned);
            is_told(&Config { public_url: url.to_owned(), address_header, ..Config::default() })
        };
        assert!(with("http://draw.example", None) && with("https://draw.example", Some("x-real-ip")));
        assert!(!with("https://draw.example", None));
    }
}
