use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Mutex,
};

use crate::support::{PATIENCE, request};

/// Every so many requests one is for a step that has to be tried again.
const FLAKY: u64 = 5;

/// What senders know.
#[derive(Default)]
pub struct Load {
    next: Mutex<u64>,
    /// The requests that were acknowledged: their numbers, and the ids of their runs.
    pub acknowledged: Mutex<Vec<(u64, String)>>,
    /// The requests that were sent and not answered.
    pub unanswered: Mutex<Vec<u64>>,
}

impl Load {
    /// Sends so many requests, one after the other, while there is somebody to take them; where it
    /// `is_steady`, none for a step that has to be tried again.
    pub fn send(&self, address: SocketAddr, count: u64, is_steady: bool) {
        for _ in 0..count {
            let number = self.number(is_steady);
            let Ok(stream) = TcpStream::connect(address) else {
                return;
            };
            match ask(stream, number) {
                Some(id) => self.acknowledged.lock().unwrap().push((number, id)),
                None => self.unanswered.lock().unwrap().push(number),
            }
        }
    }

    /// No two requests have the same.
    fn number(&self, is_steady: bool) -> u64 {
        let mut next = self.next.lock().unwrap();
        *next += 1;
        if is_steady && next.is_multiple_of(FLAKY) {
            *next += 1;
        }
        *next
    }
}

/// The id of the run that a request became, where all of the answer came.
fn ask(stream: TcpStream, number: u64) -> Option<String> {
    let path = match number % FLAKY {
        0 => "/flaky",
        _ => "/steady",
    };
    post(stream, &format!("{path}?n={number}"))
}

/// Sends a request for a run that is going to die, and gives its id.
pub fn lose(address: SocketAddr) -> String {
    post(TcpStream::connect(address).unwrap(), "/lost").unwrap()
}

fn post(mut stream: TcpStream, target: &str) -> Option<String> {
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    let sent = request("POST", target, &[], "");
    stream.write_all(&sent).ok()?;
    let mut answer = Vec::new();
    // The end of the server may come as an error; what came before it counts.
    let _ = stream.read_to_end(&mut answer);
    let answer = String::from_utf8(answer).unwrap();
    let (head, id) = answer.split_once("\r\n\r\n")?;
    assert!(head.starts_with("HTTP/1.1 202 "), "{answer}");
    const ID: usize = 36;
    (id.len() == ID).then(|| id.to_owned())
}
