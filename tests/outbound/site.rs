use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener},
    sync::{
        Arc,
        mpsc::{self, Receiver},
    },
    thread,
};

use crate::support::PATIENCE;

/// A server that answers what it is told to, and tells what it heard.
pub struct Site {
    address: SocketAddr,
    heard: Receiver<Heard>,
}

/// A request, as it came.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Heard {
    /// Which connection it came by, counted from 0.
    pub connection: usize,
    /// `POST /path HTTP/1.1`.
    pub line: String,
    /// `name: value`, sorted.
    pub headers: Vec<String>,
    /// The body.
    pub body: String,
}

impl Heard {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

impl Site {
    /// Answers each request with a text. Where it is empty, or says so, the connection is closed.
    pub fn start(answer: impl Fn(&Heard) -> String + Send + Sync + 'static) -> Self {
        Self::with(Some, answer)
    }

    /// The same behind something that is spoken on the connection, like TLS; where that comes to
    /// nothing, nothing is answered.
    pub fn with<S: Read + Write>(
        open: impl Fn(std::net::TcpStream) -> Option<S> + Send + Sync + 'static,
        answer: impl Fn(&Heard) -> String + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        let (tell, heard) = mpsc::channel();
        let both = Arc::new((open, answer));
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().map_while(Result::ok).enumerate() {
                let (tell, both) = (tell.clone(), Arc::clone(&both));
                thread::spawn(move || {
                    let Some(stream) = both.0(stream) else {
                        return;
                    };
                    let mut stream = BufReader::new(stream);
                    while let Some(request) = hear(&mut stream, connection) {
                        let text = both.1(&request);
                        let _ = tell.send(request);
                        let is_sent = stream.get_mut().write_all(text.as_bytes()).is_ok();
                        if !is_sent || text.is_empty() || text.contains("Connection: close") {
                            return;
                        }
                    }
                });
            }
        });
        Self { address, heard }
    }

    /// `127.0.0.1:12345`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The next request.
    pub fn heard(&self) -> Heard {
        self.heard.recv_timeout(PATIENCE).expect("a request")
    }

    /// Whether there was no request but those that were asked for.
    pub fn heard_nothing(&self) -> bool {
        self.heard.try_recv().is_err()
    }
}

fn hear(stream: &mut impl BufRead, connection: usize) -> Option<Heard> {
    let mut next = || {
        let mut line = String::new();
        let length = stream.read_line(&mut line).ok()?;
        (length > 0).then(|| line.trim_end().to_owned())
    };
    let line = next()?;
    let mut headers = Vec::new();
    loop {
        match next()? {
            empty if empty.is_empty() => break,
            header => headers.push(header),
        }
    }
    headers.sort();
    let mut heard = Heard {
        connection,
        line,
        headers,
        body: String::new(),
    };
    let length = heard.header("content-length").unwrap_or("0");
    let length = length.parse().expect("a length");
    stream.take(length).read_to_string(&mut heard.body).ok()?;
    Some(heard)
}

/// A whole answer.
pub fn answer(status: &str, headers: &[(&str, &str)], body: &str) -> String {
    let mut text = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        text += &format!("{name}: {value}\r\n");
    }
    format!("{text}\r\n{body}")
}
