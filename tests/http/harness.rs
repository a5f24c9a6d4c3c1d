//! A server of a text, and a client that says exactly what it is told to.

use std::{io, net::SocketAddr, path::Path, sync::Arc, time::Duration};

use hookyard::{
    app,
    event::{Bus, Event, Subscription},
    graph::{Flow, Graph},
    http::{Listener, Server, World},
    model::Listen,
    queue::{Limits, Queue},
    run::RunRecord,
    store::Store,
    syntax::Files,
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

/// How long anything may take before a test gives up; nothing waits for it when all is well.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// What the tests of slow clients set their timeouts to.
pub const SHORT: Duration = Duration::from_millis(150);

/// Answers with what it read, and with what is asked for under `/text`.
pub const FLOWS: &str = r#"
flow "echo" mode="sync" {
    webhook "/echo" { parse { body "a" as="a" } }
    respond 200 { json { a "{{ a }}" } }
}
flow "locked" mode="sync" {
    webhook "/locked" {
        auth { basic user="shop" { password "s3cret-one" "s3cret-two" } }
        parse { body "a" as="a" required=#true }
    }
    respond 200 { body "in" }
}
flow "plain" mode="sync" {
    webhook "/plain" { methods "GET" "HEAD" "POST" }
    respond 200 { body "plain" }
}
flow "order" mode="sync" {
    webhook "/orders/{order}" { parse { path "order" as="order" } }
    respond 200 { body "order {{ order }}" }
}
"#;

struct OneFile(String);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<String> {
        Ok(self.0.clone())
    }

    fn glob(&self, _: &Path) -> io::Result<Vec<std::path::PathBuf>> {
        Ok(Vec::new())
    }
}

/// The graph of a text.
pub fn graph(flows: &str) -> Graph {
    let file = Path::new("flows.kdl");
    let mut loaded = app::load(file, &OneFile(flows.to_owned()));
    let assembled = app::assemble(&mut loaded, file, b"a secret of this installation");
    match assembled {
        Some(assembled) => assembled.compile("http://localhost".to_owned()),
        None => panic!("{:?}", loaded.report.lines()),
    }
}

/// A running server.
pub struct Site {
    pub world: Arc<World>,
    pub server: Option<Server>,
    pub address: SocketAddr,
    events: Subscription,
    _state: TempDir,
}

impl Site {
    pub async fn start(flows: &str) -> Self {
        Self::with(flows, |_| {}).await
    }

    /// With a change to the graph before anybody else has it.
    pub async fn with(flows: &str, change: impl FnOnce(&mut Graph)) -> Self {
        let mut graph = graph(flows);
        change(&mut graph);
        let limits = Limits {
            runs: 10_000,
            bytes: 64 << 20,
        };
        Self::of(graph, limits).await
    }

    /// With a queue of so much room.
    pub async fn of(graph: Graph, limits: Limits) -> Self {
        let state = tempfile::tempdir().unwrap();
        let queue = Queue::open(Store::open(state.path()).unwrap(), limits).unwrap();
        let world = Arc::new(World::new(Arc::new(graph), queue, Bus::default()).unwrap());
        let events = world.bus.subscribe(10_000);
        let listener = Listener::bind(&Listen::Tcp(([127, 0, 0, 1], 0).into()))
            .await
            .unwrap();
        let Listen::Tcp(address) = listener.place() else {
            unreachable!("it is bound to a TCP address")
        };
        let server = Some(Server::start(listener, Arc::clone(&world)));
        Self {
            world,
            server,
            address,
            events,
            _state: state,
        }
    }

    pub async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// One request on a connection of its own.
    pub async fn ask(&self, request: impl AsRef<[u8]>) -> Answer {
        let mut client = self.connect().await;
        client.send(request).await;
        client.answer().await
    }

    pub async fn post(&self, path: &str, body: &str) -> Answer {
        self.ask(post(path, "", body)).await
    }

    /// The next record; it is waited for.
    pub async fn record(&self) -> Arc<RunRecord> {
        timeout(PATIENCE, async {
            loop {
                match self.events.try_next() {
                    Some(Event::Finished(record)) => return record,
                    Some(_) => {}
                    None => tokio::time::sleep(Duration::from_millis(1)).await,
                }
            }
        })
        .await
        .expect("a record")
    }

    /// All events so far.
    pub fn events(&self) -> Vec<Event> {
        std::iter::from_fn(|| self.events.try_next()).collect()
    }
}

/// Changes a flow of a graph that nobody else has.
pub fn flow(graph: &mut Graph, index: usize) -> &mut Flow {
    Arc::get_mut(&mut graph.flows[index]).unwrap()
}

/// A whole request.
pub fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: x\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

/// A connection.
pub struct Client(pub TcpStream);

/// What came back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Client {
    /// Sends all of it. The other side may have stopped reading: what it says is heard all the
    /// same.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let sent = timeout(PATIENCE, self.0.write_all(bytes.as_ref())).await;
        let _ = sent.expect("the server reads");
    }

    /// Sends all of it to a server that has to take all of it.
    pub async fn send_whole(&mut self, bytes: impl AsRef<[u8]>) {
        let sent = timeout(PATIENCE, self.0.write_all(bytes.as_ref())).await;
        sent.expect("the server reads").expect("no reset");
    }

    /// Reads the orderly end of the connection: no more data, and no reset, for which a client
    /// may lose what it has not read yet.
    pub async fn end(&mut self) {
        let mut rest = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await;
        read.expect("the server closes").expect("no reset");
        assert_eq!(String::from_utf8_lossy(&rest), "");
    }

    pub async fn answer(&mut self) -> Answer {
        self.answer_to("POST").await
    }

    /// Reads one answer, no byte more.
    pub async fn answer_to(&mut self, method: &str) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let byte = timeout(PATIENCE, self.0.read_u8())
                .await
                .expect("an answer");
            head.push(byte.unwrap_or_else(|error| {
                panic!("{error} after {:?}", String::from_utf8_lossy(&head))
            }));
        }
        let head = String::from_utf8(head).unwrap();
        let status = head[9..12].parse().unwrap();
        let answer = Answer {
            status,
            head,
            body: String::new(),
        };
        let has_body = method != "HEAD" && !matches!(status, 100 | 204 | 304);
        let length = if has_body {
            answer
                .header("content-length")
                .expect("its length")
                .parse()
                .unwrap()
        } else {
            0
        };
        let mut body = vec![0; length];
        let read = timeout(PATIENCE, self.0.read_exact(&mut body)).await;
        read.expect("a whole body").unwrap();
        Answer {
            body: String::from_utf8(body).unwrap(),
            ..answer
        }
    }

    /// Reads until the server closes, and gives what came. A reset is a close, too.
    pub async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let read = timeout(PATIENCE, self.0.read_to_end(&mut rest)).await;
        let _ = read.expect("the server closes");
        String::from_utf8(rest).unwrap()
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    pub fn closes(&self) -> bool {
        self.header("connection") == Some("close")
    }
}
