use std::{
    future::Future,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use hookyard::{
    queue::{Appended, Entry, Limits, Queue},
    run::{Peer, Policy, Reply, Request, RunId},
    store::Store,
};
use http::{HeaderMap, Method, StatusCode, Uri};

use crate::load::Measured;

/// How many append at once.
const PRODUCERS: usize = 64;

/// When producers stop.
#[derive(Clone, Copy)]
pub enum Until {
    /// After this time.
    Over(Duration),
    /// After so many in all.
    Many(u64),
}

/// Has all producers append, each its next as soon as its last is on disk.
pub fn drive<F>(until: Until, append: impl Fn() -> F + Clone + Send + 'static) -> Measured
where
    F: Future<Output = ()> + Send,
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    let begun = Arc::new(AtomicU64::new(0));
    let start = Instant::now();
    runtime.block_on(async {
        let producers = (0..PRODUCERS).map(|_| {
            let (begun, append) = (Arc::clone(&begun), append.clone());
            tokio::spawn(async move {
                let mut latencies = Vec::new();
                loop {
                    let nth = begun.fetch_add(1, Ordering::Relaxed);
                    let began = Instant::now();
                    let is_over = match until {
                        Until::Over(time) => began - start >= time,
                        Until::Many(count) => nth >= count,
                    };
                    if is_over {
                        return latencies;
                    }
                    append().await;
                    latencies.push(began.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
                }
            })
        });
        let producers: Vec<_> = producers.collect();
        let mut latencies = Vec::new();
        for producer in producers {
            latencies.append(&mut producer.await.unwrap());
        }
        Measured::of(latencies, 0, start.elapsed())
    })
}

/// A queue in a directory, with room for everything.
pub fn queue(directory: &Path) -> Arc<Queue> {
    let limits = Limits {
        runs: usize::MAX,
        bytes: usize::MAX,
    };
    let store = Store::open(directory).unwrap();
    Arc::new(Queue::open(store, limits).unwrap())
}

/// Accepts a run of 1 KiB.
pub async fn accept(queue: Arc<Queue>) {
    let appended = queue.append(entry(), Policy::default(), None).await;
    assert_eq!(appended.unwrap(), Appended::Queued);
}

/// The bytes that a plain file is given for such a run: its body, and about what else is kept.
pub fn record() -> Vec<u8> {
    const ELSE: usize = 512;
    let mut record = BODY.to_vec();
    record.extend([b' '; ELSE]);
    record
}

const BODY: &[u8] = &[b'x'; 1024];

fn entry() -> Entry {
    let received = SystemTime::now();
    Entry {
        id: RunId::new(received),
        flow: "payment".into(),
        revision: "2f1d5c7a9b3e".into(),
        request: Request {
            method: Method::POST,
            uri: Uri::from_static("/payments/1hfmkioou0d"),
            headers: HeaderMap::new(),
            body: Bytes::from_static(BODY),
            peer: Peer::Unix,
            received,
        },
        variables: vec![Some("A-100234".into()), Some(250.5.into()), None],
        document: None,
        continues: None,
        replay_of: None,
        reply: Reply::text(StatusCode::ACCEPTED, "queued".to_owned()),
    }
}
