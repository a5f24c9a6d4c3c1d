//! Addresses change without a moment at which nobody is there.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    os::unix::net::UnixStream,
    time::Instant,
};

use serde_json::Value;

use crate::{
    harness::*,
    in_flight::{begin, finish},
    support::{PATIENCE, Server, message, read_reply, request},
};

fn listening(at: &[&str]) -> String {
    let lines: String = at
        .iter()
        .map(|at| format!("    listen \"{at}\"\n"))
        .collect();
    format!("server {{\n{lines}}}\n")
}

fn address(line: &Value) -> SocketAddr {
    line["listening"].as_str().unwrap().parse().unwrap()
}

fn ask(stream: &mut (impl Read + Write), path: &str) -> String {
    stream.write_all(&request("POST", path, &[], "")).unwrap();
    read_reply(stream).body
}

fn ask_at(address: SocketAddr) -> String {
    ask(&mut TcpStream::connect(address).unwrap(), "/a")
}

/// Waits until nobody listens there any more.
fn wait_until_left(address: SocketAddr) {
    let deadline = Instant::now() + PATIENCE;
    while TcpStream::connect(address).is_ok() {
        assert!(Instant::now() < deadline, "{address} is still listened on");
        std::thread::yield_now();
    }
}

#[test]
fn a_new_address_is_served_and_the_old_one_is_left() {
    let server = serve(&(listening(&["127.0.0.1:0"]) + &flow("a", "one")));
    save(&server, &(listening(&["127.0.0.2:0"]) + &flow("a", "two")));
    let new = address(&server.wait_for_reload());
    assert_eq!(ask_at(new), "two");
    wait_until_left(server.address());
}

#[test]
fn an_address_that_stays_is_not_bound_anew() {
    let server = serve(&(listening(&["127.0.0.1:0"]) + &flow("a", "one")));
    let mut kept = server.connect();
    save(
        &server,
        &(listening(&["127.0.0.2:0", "127.0.0.1:0"]) + &flow("a", "two")),
    );
    let line = server.wait_for_reload();
    let all = line["listening"].as_str().unwrap();
    assert!(all.contains(&server.address().to_string()), "{all}");
    assert_eq!(answer(&server), "two");
    assert_eq!(ask(&mut kept, "/a"), "two");
}

#[test]
fn a_unix_socket_takes_the_place_of_an_address_and_back() {
    let server = serve(&answering("one"));
    let socket = server.directory().join("http.sock");
    let unix = format!("unix:{}", socket.display());
    save(&server, &(listening(&[&unix]) + &flow("a", "two")));
    server.wait_for_reload();
    assert_eq!(ask(&mut UnixStream::connect(&socket).unwrap(), "/a"), "two");
    wait_until_left(server.address());
    save(
        &server,
        &(listening(&["127.0.0.1:0"]) + &flow("a", "three")),
    );
    let back = address(&server.wait_for_reload());
    assert_eq!(ask_at(back), "three");
    let deadline = Instant::now() + PATIENCE;
    while socket.exists() {
        assert!(Instant::now() < deadline, "the socket's file stays");
        std::thread::yield_now();
    }
}

#[test]
fn a_request_in_flight_is_finished_at_the_address_that_is_left() {
    let slow = |answer: &str| {
        format!(
            "flow \"slow\" mode=\"sync\" {{\n    webhook \"/slow\" {{ parse {{ body \"n\" as=\"n\" required=#true }} }}\n    respond 200 {{ body \"{answer} {{{{ n }}}}\" }}\n}}\n"
        )
    };
    let mut server = serve(&(listening(&["127.0.0.1:0"]) + &slow("old")));
    let mut stream = begin(&server);
    save(&server, &(listening(&["127.0.0.2:0"]) + &slow("new")));
    server.wait_for_reload();
    wait_until_left(server.address());
    // Not even the end of the server cuts it off.
    server.signal("TERM");
    server.wait_for_line(|line| message(line).starts_with("stopping"));
    let reply = finish(&mut stream);
    assert_eq!((reply.status, &*reply.body), (200, "old 7"));
    assert_eq!(server.wait(), Some(0));
}

/// A server, and an address that somebody else has.
fn with_taken_address(args: &[&str]) -> (Server, TcpListener, String) {
    let server = serve_with(&(listening(&["127.0.0.1:0"]) + &flow("a", "one")), args);
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    save(
        &server,
        &(listening(&["127.0.0.2:0", &address]) + &flow("a", "two")),
    );
    (server, taken, address)
}

#[test]
fn an_address_in_use_leaves_the_old_addresses_and_the_old_flows() {
    let (server, _taken, address) = with_taken_address(&NEVER);
    server.wait_for_rejection();
    let why = server.wait_for_line(|line| message(line).contains("cannot listen on"));
    let expected = format!("cannot listen on {address}: another process listens there");
    assert!(message(&why).starts_with(&expected), "{why}");
    assert_eq!(answer(&server), "one");
    // Another address goes live, and the taken one is forgotten.
    save(
        &server,
        &(listening(&["127.0.0.2:0"]) + &flow("a", "three")),
    );
    assert_eq!(ask_at(self::address(&server.wait_for_reload())), "three");
}

#[test]
fn an_address_in_use_is_told_once_and_taken_when_it_is_free() {
    let (server, taken, address) = with_taken_address(&OFTEN);
    server.wait_for_rejection();
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.extend(server.lines_until(|line| line["found"] == "unchanged"));
    }
    assert_eq!(answer(&server), "one");
    drop(taken);
    lines.extend(server.lines_until(|line| message(line).ends_with("reloaded")));
    assert!(!lines.iter().any(is_rejection), "{:#?}", messages(&lines));
    assert_eq!(ask_at(address.parse().unwrap()), "two");
    wait_until_left(server.address());
}

#[test]
fn going_back_while_an_address_is_in_use_ends_the_waiting() {
    let (server, taken, address) = with_taken_address(&OFTEN);
    server.wait_for_rejection();
    save(&server, &(listening(&["127.0.0.1:0"]) + &flow("a", "one")));
    server.wait_for_reload();
    drop(taken);
    for _ in 0..3 {
        wait_for_look(&server, "unchanged");
    }
    assert!(TcpStream::connect(address).is_err());
    assert_eq!(answer(&server), "one");
}

#[test]
fn an_address_opens_up_to_everybody_on_the_same_port() {
    let server = serve(&(listening(&["127.0.0.1:0"]) + &flow("a", "one")));
    let port = server.address().port();
    save(
        &server,
        &(listening(&[&format!("0.0.0.0:{port}")]) + &flow("a", "two")),
    );
    server.wait_for_reload();
    assert_eq!(ask_at(SocketAddr::from(([127, 0, 0, 2], port))), "two");
    assert_eq!(ask_at(SocketAddr::from(([127, 0, 0, 1], port))), "two");
    save(
        &server,
        &(listening(&[&format!("127.0.0.1:{port}")]) + &flow("a", "three")),
    );
    server.wait_for_reload();
    assert_eq!(ask_at(server.address()), "three");
    wait_until_left(SocketAddr::from(([127, 0, 0, 2], port)));
}
