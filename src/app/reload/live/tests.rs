use std::{
    cell::RefCell,
    io,
    net::TcpListener,
    path::{Path, PathBuf},
};

use super::*;
use crate::{
    app::Loader,
    auth::{self, Verdict},
    event::{Bus, Subscription},
    queue::{Limits, Queue},
    store::Store,
    syntax::Files,
};

struct OneFile(RefCell<String>);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<String> {
        Ok(self.0.borrow().clone())
    }

    fn glob(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

/// What is live, and somebody who watches the events.
struct Stage {
    file: OneFile,
    loader: Loader,
    live: Live,
    events: Subscription,
    _state: tempfile::TempDir,
}

impl Stage {
    async fn of(text: String) -> Self {
        let file = OneFile(RefCell::new(text));
        let mut loader = Loader::new(Path::new("flows.kdl"), vec![7; 32]);
        let Look::Sound(assembled, _) = loader.look(&file, || {}) else {
            panic!("it is sound");
        };
        let listeners = bind_all(&assembled.server().listen, &[]).await.unwrap();
        let bus = Bus::default();
        let events = bus.subscribe(100);
        let origin = assembled.origin().clone();
        let graph = Arc::new(assembled.compile("http://localhost".to_owned()));
        let state = tempfile::tempdir().unwrap();
        let limits = Limits {
            runs: 100,
            bytes: 1 << 20,
        };
        let store = Store::open(state.path()).unwrap();
        let revisions = Revisions::open(store.clone(), "flows.kdl".into()).unwrap();
        let after_reload = AfterReload::start(bus.clone(), store.clone(), Default::default());
        let queue = Queue::open(store, limits).unwrap();
        let world = Arc::new(World::new(graph, queue, bus).unwrap());
        let live = Live::start(
            world,
            Arc::new(revisions),
            after_reload,
            listeners,
            "flows.kdl".to_owned(),
            origin,
            Duration::from_secs(1),
        );
        Self {
            file,
            loader,
            live,
            events,
            _state: state,
        }
    }

    async fn save(&mut self, text: impl Into<String>) {
        *self.file.0.borrow_mut() = text.into();
        self.look().await;
    }

    async fn look(&mut self) {
        let look = self.loader.look(&self.file, || {});
        self.live.take(look).await;
    }

    /// The events so far, in a few words each.
    fn told(&self) -> Vec<String> {
        std::iter::from_fn(|| self.events.try_next())
            .map(|event| match event {
                Event::Loaded(loaded) => format!("loaded {}", loaded.flows.len()),
                Event::Rejected(rejected) => format!(
                    "{} {} {} {}",
                    rejected.reason,
                    rejected.errors,
                    rejected.location.as_deref().unwrap_or("-"),
                    rejected.message
                ),
                Event::Notice(notice) => format!("notice {notice}"),
                other => format!("{other:?}"),
            })
            .collect()
    }
}

fn listen(at: &str) -> String {
    format!("server {{ listen \"{at}\"; }}\n")
}

fn flow(name: &str) -> String {
    format!("flow \"{name}\" mode=\"sync\" {{ webhook \"/{name}\"; }}\n")
}

fn sound() -> String {
    listen("127.0.0.1:0") + &flow("a") + &flow("b")
}

#[tokio::test]
async fn the_banner_goes_when_the_file_is_again_what_is_served() {
    let mut stage = Stage::of(sound()).await;
    assert_eq!(stage.told(), ["loaded 2"]);
    stage.save("flow").await;
    stage.look().await;
    let told = stage.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("is broken 2 "), "{told:?}");
    stage.save(sound()).await;
    stage.look().await;
    assert_eq!(stage.told(), ["loaded 2"]);
}

#[tokio::test]
async fn the_banner_tells_of_the_first_error_and_not_of_a_warning_before_it() {
    let mut stage = Stage::of(sound()).await;
    stage.told();
    stage
        .save("include \"none/*.kdl\"\nflow \"a\" mode=\"sync\" { webhook \"/a\"; nope; }\n")
        .await;
    assert_eq!(
        stage.told(),
        ["is broken 1 flows.kdl:2:38 there is no step `nope`"]
    );
}

/// Whether credentials pass by what is known of them alone.
fn is_known(stage: &Stage) -> bool {
    let pair = "Basic dTpzZXNhbWU=".parse().unwrap();
    let headers = [(http::header::AUTHORIZATION, pair)].into_iter().collect();
    let world = &stage.live.world;
    match auth::verify(
        &world.graph.load().flows[0].trigger.as_ref().unwrap().auth,
        &headers,
        &world.verified,
    ) {
        Verdict::Passed => true,
        Verdict::Refused => panic!("they may pass"),
        Verdict::Hashing(hashing) => {
            assert!(hashing.verify(&world.verified));
            false
        }
    }
}

#[tokio::test]
async fn who_has_passed_a_hash_passes_it_after_a_reload_without_hashing() {
    // Both of "sesame".
    let locked = |hash: &str| {
        format!(
            "flow \"a\" mode=\"sync\" {{ webhook \"/a\" {{ auth {{ basic user=\"u\" password=\"{hash}\"; }}; }}; }}\n"
        )
    };
    let one = locked("$2b$04$abcdefghijklmnopqrstuuinwY/tkBVrn3xrxQI/TgnMHhkvl85RW");
    let mut stage = Stage::of(listen("127.0.0.1:0") + &one).await;
    assert!(!is_known(&stage));
    stage.save(listen("127.0.0.1:0") + &one + &flow("b")).await;
    assert!(is_known(&stage));
    let other = locked("$2b$04$zyxwvutsrqponmlkjihgfuc1Yqw9zXwCaS9pbTCBiIu/JGEpFoSmi");
    stage.save(listen("127.0.0.1:0") + &other).await;
    assert!(!is_known(&stage));
    assert_eq!(
        stage.told(),
        [
            "loaded 1",
            "loaded 2",
            "loaded 1",
            "notice no longer served: b"
        ]
    );
}

#[tokio::test]
async fn an_address_where_nobody_accepts_any_more_is_bound_anew() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let at = listen(&address.to_string());
    let mut stage = Stage::of(at.clone() + &flow("a")).await;
    let server = &stage.live.servers[0].server;
    server.stop_accepting();
    while server.is_accepting() {
        tokio::task::yield_now().await;
    }
    assert!(std::net::TcpStream::connect(address).is_err());
    stage.save(at + &flow("a") + &flow("b")).await;
    assert_eq!(stage.told(), ["loaded 1", "loaded 2"]);
    assert!(std::net::TcpStream::connect(address).is_ok());
    assert_eq!(stage.live.servers.len(), 1);
}

#[tokio::test]
async fn what_went_is_the_last_thing_told() {
    let mut stage = Stage::of(sound()).await;
    stage.told();
    stage.save(listen("127.0.0.1:0") + &flow("c")).await;
    assert_eq!(stage.told(), ["loaded 1", "notice no longer served: a, b"]);
}

#[tokio::test]
async fn an_address_in_use_is_rejected_once_and_live_when_it_is_free() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut stage = Stage::of(sound()).await;
    stage.told();
    stage.save(listen(&address) + &flow("a")).await;
    stage.look().await;
    assert_eq!(
        stage.told(),
        [format!(
            "cannot go live 1 - cannot listen on {address}: another process listens there"
        )]
    );
    drop(taken);
    stage.look().await;
    assert_eq!(stage.told(), ["loaded 1", "notice no longer served: b"]);
    stage.look().await;
    assert!(stage.told().is_empty());
}

#[tokio::test]
async fn what_cannot_go_live_is_not_the_last_good_revision() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut stage = Stage::of(sound()).await;
    stage.save(sound() + &flow("c")).await;
    stage
        .save(listen(&taken.local_addr().unwrap().to_string()) + &flow("a"))
        .await;
    let served = stage.live.world.graph.load_full();
    let last_good = stage.live.revisions.last_good(&[7; 32]).unwrap().unwrap();
    assert_eq!(*last_good.revision(), served.revision);
    assert_eq!(served.flows.len(), 3);
}
