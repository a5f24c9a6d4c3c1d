mod accepting;
mod lives;
mod turns;
mod visits;

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::json;
use tempfile::TempDir;

use super::*;
use crate::{
    run::{Cancelled, Outcome, Overlap, Peer, Policy, Reply, Request, RunId},
    store::Store,
};

const HOUR: Duration = Duration::from_secs(3600);
const ROOMY: Limits = Limits {
    runs: 1_000,
    bytes: 64 << 20,
};

/// Limits by which so many small runs fit, and no more.
fn room_for(runs: usize) -> Limits {
    Limits {
        bytes: runs * entry("a", 0).weight(),
        ..ROOMY
    }
}

/// A queue, and the store under it.
struct Life {
    queue: Queue,
    store: Store,
}

/// A life of the process that serves a directory. The one before must have ended.
fn live(directory: &Path, limits: Limits) -> Life {
    let store = Store::open(directory).unwrap();
    let queue = Queue::open(store.clone(), limits).unwrap();
    Life { queue, store }
}

fn born(limits: Limits) -> (TempDir, Life) {
    let home = tempfile::tempdir().unwrap();
    let life = live(home.path(), limits);
    (home, life)
}

/// An entry of a flow that can be told from others by its number.
fn entry(flow: &str, number: u32) -> Entry {
    let received = SystemTime::now();
    Entry {
        id: RunId::new(received),
        flow: flow.into(),
        revision: "r1".into(),
        request: Request {
            method: Method::POST,
            uri: Uri::from_static("/hook?a=1"),
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"\xffbody"),
            peer: Peer::Unix,
            received,
        },
        variables: vec![Some(number.into()), None],
        document: None,
        reply: Reply::text(StatusCode::ACCEPTED, format!("queued {number}")),
        continues: None,
        replay_of: None,
    }
}

fn name(claim: &Claim) -> String {
    let number = claim.entry.variables[0].as_ref().unwrap();
    format!("{} {number}", claim.entry.flow)
}

fn ended(outcome: Outcome) -> Finish {
    Finish {
        outcome,
        duration: Duration::from_millis(5),
        error: Some("why".to_owned()),
        record: r#"{"error":{"message":"why"}}"#.to_owned(),
    }
}

impl Life {
    async fn append(&self, entry: Entry) -> Result<Appended, Refusal> {
        self.append_with(entry, Policy::default(), None).await
    }

    async fn append_with(
        &self,
        entry: Entry,
        policy: Policy,
        dedupe: Option<Dedupe>,
    ) -> Result<Appended, Refusal> {
        let appended = self.queue.append(entry, policy, dedupe).await;
        appended.map_err(|refused| refused.why)
    }

    /// Appends runs of a flow.
    async fn fill(&self, flow: &str, numbers: std::ops::Range<u32>) {
        for number in numbers {
            assert_eq!(self.append(entry(flow, number)).await, Ok(Appended::Queued));
        }
    }

    async fn claim(&self) -> Claim {
        self.queue.claim().await.unwrap()
    }

    /// The claim that needs no waiting, among runs whose payloads are in memory.
    async fn claim_now(&self) -> Option<Claim> {
        tokio::select! {
            biased;
            claim = self.queue.claim() => claim,
            () = std::future::ready(()) => None,
        }
    }

    /// The names of the claims that need no waiting, which are ended at once.
    async fn names_now(&self) -> Vec<String> {
        let mut names = Vec::new();
        while let Some(claim) = self.claim_now().await {
            names.push(name(&claim));
            claim.finish(ended(Outcome::Succeeded)).await;
        }
        names
    }
}

fn policy(concurrency: Option<u32>, overlap: Overlap) -> Policy {
    Policy {
        concurrency,
        overlap,
    }
}

/// Polls a future once, and leaves it.
async fn begin_and_leave<T>(future: impl Future<Output = T>) {
    tokio::select! {
        biased;
        _ = future => {}
        () = std::future::ready(()) => {}
    }
}

fn outcomes(life: &Life) -> Vec<String> {
    let all = crate::store::HistoryFilter::default();
    let history = life.store.reader().unwrap().history(&all, 100).unwrap();
    history.into_iter().map(|row| row.outcome).collect()
}

#[test]
fn what_tasks_share_may_be_sent() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Arc<Queue>>();
    is_shared::<Claim>();
}
