//! Requests do not notice that the configuration changes under them.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
};

use crate::{
    harness::*,
    support::{Reply, Server, read_reply},
};

const CLIENTS: u64 = 4;
const SAVES: u64 = 20;

/// A flow that reads a body, so that a request can be kept waiting for it.
fn slow(answer: &str) -> String {
    format!(
        r#"flow "slow" mode="sync" {{
    webhook "/slow" {{ parse {{ body "n" as="n" required=#true }} }}
    respond 200 {{ body "{answer} {{{{ n }}}}" }}
}}
"#
    )
}

/// A request whose body is waited for: the server has matched it with its flow.
pub fn begin(server: &Server) -> TcpStream {
    let mut stream = server.connect();
    stream
        .write_all(b"POST /slow HTTP/1.1\r\nHost: hooks.test\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: 8\r\n\r\n")
        .unwrap();
    assert_eq!(read_reply(&mut stream).status, 100);
    stream.write_all(b"{\"n\"").unwrap();
    stream
}

/// The rest of its body, and the answer.
pub fn finish(stream: &mut TcpStream) -> Reply {
    stream.write_all(b": 7}").unwrap();
    read_reply(stream)
}

/// Waits until the server closes an idle connection.
fn wait_for_close(mut stream: &TcpStream) {
    assert_eq!(stream.read(&mut [0]).unwrap(), 0, "it is closed");
}

/// Ends the clients, however the test ends.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn ask(stream: &mut TcpStream) {
    stream
        .write_all(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
        .unwrap();
    let reply = read_reply(stream);
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(["one", "two"].contains(&&*reply.body), "{reply:?}");
}

#[test]
fn no_request_is_dropped_or_answered_wrongly_during_reloads() {
    let text = |answer: &str| answering(answer) + &flow(&format!("only-{answer}"), "here");
    let server = serve(&text("one"));
    let address = server.address();
    let is_over = AtomicBool::new(false);
    let answered = AtomicU64::new(0);
    thread::scope(|scope| {
        let _over = Over(&is_over);
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut kept = TcpStream::connect(address).unwrap();
                while !is_over.load(Ordering::Relaxed) {
                    ask(&mut kept);
                    answered.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        // And one with a connection for each request.
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                ask(&mut TcpStream::connect(address).unwrap());
            }
        });
        let mut before = 0;
        for i in 0..SAVES {
            let (new, old) = if i % 2 == 0 {
                ("two", "one")
            } else {
                ("one", "two")
            };
            save(&server, &text(new));
            server.wait_for_reload();
            // What is told to be live, is.
            assert_eq!(answer(&server), new);
            assert_eq!(server.post(&format!("/only-{new}"), "").status, 200);
            assert_eq!(server.post(&format!("/only-{old}"), "").status, 404);
            // Somebody was served meanwhile.
            let now = answered.load(Ordering::Relaxed);
            assert!(now > before);
            before = now;
        }
    });
}

#[test]
fn a_request_in_flight_is_answered_by_the_flow_it_came_to() {
    let server = serve(&slow("old"));
    let mut stream = begin(&server);
    save(&server, &slow("new"));
    server.wait_for_reload();
    let mut other = begin(&server);
    assert_eq!(finish(&mut stream).body, "old 7");
    assert_eq!(finish(&mut other).body, "new 7");
}

#[test]
fn a_request_in_flight_is_answered_though_its_flow_is_gone() {
    let server = serve(&(slow("old") + &flow("a", "a")));
    let mut stream = begin(&server);
    save(&server, &flow("a", "a"));
    server.wait_for_reload();
    assert_eq!(server.post("/slow", "").status, 404);
    assert_eq!(finish(&mut stream).body, "old 7");
    // The connection goes on, with what is served now.
    stream
        .write_all(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    assert_eq!(read_reply(&mut stream).body, "a");
}

#[test]
fn a_run_that_waits_is_finished_by_the_flow_it_came_to() {
    let text = |said: &str| {
        format!("flow \"a\" mode=\"async\" {{\n    webhook \"/a\"\n    log \"{said}\"\n}}\n")
    };
    let server = serve(&text("old says so"));
    assert_eq!(server.post("/a", "").status, 200);
    save(&server, &text("new says so"));
    server.wait_for_line(|line| line.to_string().contains("old says so"));
    server.wait_for_reload();
    assert_eq!(server.post("/a", "").status, 200);
    server.wait_for_line(|line| line.to_string().contains("new says so"));
}

#[test]
fn a_shorter_timeout_closes_new_connections_sooner() {
    let with = |header: &str| {
        format!(
            "server {{\n    timeouts header=\"{header}\"\n}}\n{}",
            flow("a", "a")
        )
    };
    let server = serve(&with("10m"));
    save(&server, &with("100ms"));
    server.wait_for_reload();
    wait_for_close(&server.connect());
}

#[test]
fn fewer_connections_are_held_as_soon_as_the_file_says_so() {
    let with = |most: u32| {
        format!(
            "server {{\n    max-connections {most}\n}}\n{}",
            flow("a", "a")
        )
    };
    let server = serve(&with(100));
    let mut idle = server.connect();
    idle.write_all(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        .unwrap();
    assert_eq!(read_reply(&mut idle).body, "a");
    save(&server, &with(1));
    server.wait_for_reload();
    assert_eq!(answer(&server), "a");
    wait_for_close(&idle);
}

#[test]
fn a_smaller_body_limit_is_heeded() {
    let with = |most: &str| format!("server {{\n    max-body \"{most}\"\n}}\n{}", flow("a", "a"));
    let server = serve(&with("1MiB"));
    let body = "x".repeat(2000);
    assert_eq!(server.post("/a", &body).status, 200);
    save(&server, &with("1KiB"));
    server.wait_for_reload();
    assert_eq!(server.post("/a", &body).status, 413);
}
