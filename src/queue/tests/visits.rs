use super::*;
use crate::store::{QueueRow, RevisionRow, Visitor};

/// What another process does to leave a run.
fn offer(directory: &Path, row: &QueueRow) {
    let revision = RevisionRow {
        revision: row.revision.to_string(),
        stored_ms: 0,
        entry: "flows.kdl".to_owned(),
        files: "{}".to_owned(),
    };
    let old = RunId::new(SystemTime::now()).to_string();
    let mut visitor = Visitor::open(directory).unwrap();
    assert_eq!(visitor.replay(&old, false, &revision, row), Ok(true));
}

#[tokio::test]
async fn a_run_that_another_process_offers_is_run_once() {
    let (home, life) = born(ROOMY);
    life.queue.look().await.unwrap();
    offer(home.path(), &entry("a", 7).to_row());
    assert_eq!(life.queue.waiting(), 0, "nobody has looked");
    life.queue.look().await.unwrap();
    life.queue.look().await.unwrap();
    assert_eq!(life.queue.waiting(), 1);
    assert_eq!(name(&life.claim().await), "a 7");
    assert!(life.claim_now().await.is_none());
}

#[tokio::test]
async fn what_was_offered_while_nobody_served_is_found_by_the_first_look() {
    let (home, life) = born(ROOMY);
    drop(life);
    offer(home.path(), &entry("a", 7).to_row());
    let life = live(home.path(), ROOMY);
    life.queue.look().await.unwrap();
    assert_eq!(name(&life.claim().await), "a 7");
    drop(life);
    let life = live(home.path(), ROOMY);
    assert_eq!(life.queue.waiting(), 1, "it is ours from then on");
}

#[tokio::test]
async fn a_cancellation_reaches_its_run_wherever_it_is() {
    let (home, life) = born(room_for(4));
    let runs: Vec<_> = (0..4).map(|number| entry("a", number)).collect();
    let ids: Vec<_> = runs.iter().map(|entry| entry.id.to_string()).collect();
    for run in runs {
        life.append(run).await.unwrap();
    }
    let running = life.claim().await;
    life.claim()
        .await
        .park(SystemTime::now() + HOUR, HOUR)
        .await;
    let visitor = Visitor::open(home.path()).unwrap();
    for id in &ids[..3] {
        visitor.cancel(id).unwrap();
    }
    assert!(!running.is_cancelled(), "nobody has looked");
    life.queue.look().await.unwrap();
    running.cancelled().await;
    let mut claims = Vec::new();
    for _ in 0..3 {
        let claim = life.claim().await;
        claims.push((name(&claim), claim.is_cancelled()));
    }
    claims.sort();
    let expected = [("a 1", true), ("a 2", true), ("a 3", false)];
    assert_eq!(claims, expected.map(|(name, is)| (name.to_owned(), is)));
    life.fill("a", 4..8).await;
}

#[tokio::test]
async fn the_next_life_knows_that_a_run_was_cancelled_by_hand() {
    let (home, life) = born(ROOMY);
    let run = entry("a", 0);
    let id = run.id;
    life.append(run).await.unwrap();
    let visitor = Visitor::open(home.path()).unwrap();
    visitor.cancel(&id.to_string()).unwrap();
    life.queue.look().await.unwrap();
    // What comes later changes nothing about it.
    let replaces = Policy {
        concurrency: None,
        overlap: Overlap::Replace,
    };
    life.append_with(entry("a", 1), replaces, None)
        .await
        .unwrap();
    drop(life);
    let life = live(home.path(), ROOMY);
    let claim = life.claim().await;
    assert_eq!(
        (claim.entry.id, claim.why_cancelled()),
        (id, Some(Cancelled::ByHand))
    );
}

#[tokio::test]
async fn a_run_that_is_cancelled_while_it_is_walked_is_not_parked() {
    let (home, life) = born(ROOMY);
    let run = entry("a", 0);
    let id = run.id.to_string();
    life.append(run).await.unwrap();
    let claim = life.claim().await;
    Visitor::open(home.path()).unwrap().cancel(&id).unwrap();
    life.queue.look().await.unwrap();
    claim.park(SystemTime::now() + HOUR, HOUR).await;
    assert!(life.claim().await.is_cancelled());
}

#[tokio::test]
async fn a_run_that_makes_no_sense_is_dead_and_holds_nothing_up() {
    let (home, life) = born(ROOMY);
    let mut senseless = entry("a", 0).to_row();
    senseless.request = "{}".to_owned();
    offer(home.path(), &senseless);
    life.queue.look().await.unwrap();
    life.fill("a", 1..2).await;
    assert_eq!(name(&life.claim().await), "a 1");
    assert_eq!((life.queue.waiting(), life.queue.dead()), (0, 1));
    let all = crate::store::HistoryFilter::default();
    let history = life.store.reader().unwrap().history(&all, 9).unwrap();
    let errors: Vec<_> = history.into_iter().map(|row| row.error.unwrap()).collect();
    assert_eq!(errors, ["the request has no `received_ns`"]);
}

#[tokio::test]
async fn a_queue_that_is_closed_leaves_one_file() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    drop(life);
    let mut names: Vec<_> = std::fs::read_dir(home.path())
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["hookyard.db", "lock"]);
}
