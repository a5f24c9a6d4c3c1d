//! Runs that are put aside and resumed, with a journal in memory.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

use hookyard::{
    engine::{Ended, Input, Journal, Means, Pending, is_effect, resume},
    event::Detail,
    run::{Outcome, Peer, Request, RunId, Value},
};

use crate::harness::graph;

/// Keeps in memory, over as many lives of a run as a test wants.
#[derive(Default)]
struct Kept {
    values: Mutex<BTreeMap<String, Value>>,
    recalled: AtomicUsize,
    /// Until when the run was put aside.
    waited: Mutex<Option<SystemTime>>,
}

impl Kept {
    fn keys(&self) -> Vec<String> {
        self.values.lock().unwrap().keys().cloned().collect()
    }
}

impl Journal for Kept {
    fn recall(&self, key: &str) -> Option<Value> {
        let found = self.values.lock().unwrap().get(key).cloned();
        if found.is_some() && is_effect(key) {
            self.recalled.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    fn keep(&self, key: String, value: Value) -> Pending<'_> {
        self.values.lock().unwrap().insert(key, value);
        Box::pin(std::future::ready(()))
    }

    fn is_behind(&self) -> bool {
        let effects = self.keys().iter().filter(|key| is_effect(key)).count();
        self.recalled.load(Ordering::Relaxed) < effects
    }

    fn has_waited(&self, due: SystemTime) -> bool {
        *self.waited.lock().unwrap() == Some(due)
    }

    fn is_kept(&self) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn cancelled(&self) -> Pending<'_> {
        Box::pin(std::future::pending())
    }
}

fn input() -> Input {
    let received = SystemTime::now();
    Input {
        id: RunId::new(received),
        revision: "r1".into(),
        request: Request {
            method: Method::POST,
            uri: Uri::from_static("/job"),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            peer: Peer::Unix,
            received,
        },
        variables: Vec::new(),
        document: None,
        started: Instant::now(),
        continues: None,
        replay_of: None,
        detail: Detail::Full,
    }
}

#[tokio::test]
async fn a_long_wait_puts_the_run_aside_and_a_short_one_does_not() {
    let graph = graph(r#"flow "job" { webhook "/job"; delay "10ms"; delay "3days"; log "x"; }"#);
    let flow = &graph.flows[0];
    let kept = Kept::default();
    let before = SystemTime::now();
    let Ended::Parked(pause) = resume(flow, input(), &Means::default(), &kept).await else {
        panic!("it waits for days");
    };
    let wait = pause.due.duration_since(before).unwrap();
    assert!(wait > Duration::from_secs(3 * 86_400 - 60), "{wait:?}");
    assert!(pause.wait <= Duration::from_secs(3 * 86_400));
    assert_eq!(kept.keys(), ["0", "1"]);
}

#[tokio::test]
async fn a_wait_is_neither_longer_nor_begun_again_because_the_clock_was_set_back() {
    let graph = graph(r#"flow "job" { webhook "/job"; delay "3days"; delay "3days"; }"#);
    let kept = Kept::default();
    // The wall clock was years ahead when the first wait began.
    let ahead = SystemTime::now() + Duration::from_secs(1_000 * 86_400);
    let ahead = ahead.duration_since(SystemTime::UNIX_EPOCH).unwrap();
    kept.keep("0".to_owned(), (ahead.as_millis() as u64).into())
        .await;
    for keys in [&["0"][..], &["0", "0#over", "1"]] {
        let ended = resume(&graph.flows[0], input(), &Means::default(), &kept).await;
        let Ended::Parked(pause) = ended else {
            panic!("it waits for days");
        };
        assert!(pause.wait <= Duration::from_secs(3 * 86_400));
        assert_eq!(kept.keys(), keys);
        *kept.waited.lock().unwrap() = Some(pause.due);
    }
    let ended = resume(&graph.flows[0], input(), &Means::default(), &kept).await;
    assert!(matches!(ended, Ended::Finished(_)), "both waits are over");
}

#[tokio::test]
async fn a_run_that_is_resumed_when_it_is_due_goes_on_behind_the_wait() {
    let graph = graph(r#"flow "job" { webhook "/job"; log "x"; delay "3days"; }"#);
    let flow = &graph.flows[0];
    let kept = Kept::default();
    resume(flow, input(), &Means::default(), &kept).await;
    // Days later.
    kept.keep("1".to_owned(), Value::from(1)).await;
    kept.recalled.store(0, Ordering::Relaxed);
    assert!(kept.is_behind());
    let Ended::Finished(finished) = resume(flow, input(), &Means::default(), &kept).await else {
        panic!("it was due");
    };
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert!(!kept.is_behind());
}

#[tokio::test]
async fn a_run_that_only_computes_lets_others_go_on() {
    let hundred = vec!["1"; 100].join(",");
    let graph = graph(&format!(
        r#"flow "job" {{ webhook "/job"; each "{{{{ [{hundred}] }}}}" as="n" {{ each "{{{{ [{hundred}] }}}}" as="m" concurrency=2 {{ set last="{{{{ m }}}}"; }}; }}; }}"#
    ));
    let kept = Kept::default();
    let ended = Mutex::new(Vec::new());
    let means = Means::default();
    let run = async {
        let Ended::Finished(finished) = resume(&graph.flows[0], input(), &means, &kept).await
        else {
            panic!("it waits for nothing");
        };
        ended.lock().unwrap().push("the run");
        finished
    };
    let other = async {
        tokio::task::yield_now().await;
        ended.lock().unwrap().push("somebody else");
    };
    let (finished, ()) = tokio::join!(run, other);
    assert_eq!(finished.outcome, Outcome::Succeeded);
    assert_eq!(*ended.lock().unwrap(), ["somebody else", "the run"]);
    assert_eq!(finished.taken.len(), 101);
}
