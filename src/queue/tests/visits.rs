use super::*;
use crate::{queue::codec, store::Visitor};

#[tokio::test]
async fn a_run_that_another_process_offers_is_run_once() {
    let (home, life) = born(ROOMY);
    let visitor = Visitor::open(home.path()).unwrap();
    life.queue.look().await.unwrap();
    let offered = entry("a", 7);
    visitor
        .offer(&codec::row(&offered, offered.weight()))
        .unwrap();
    assert!(life.queue.is_empty(), "nobody has looked");
    life.queue.look().await.unwrap();
    life.queue.look().await.unwrap();
    assert_eq!(life.queue.len(), 1);
    assert_eq!(name(&life.claim().await), "a 7");
    assert!(life.claim_now().await.is_none());
}

#[tokio::test]
async fn what_was_offered_while_nobody_served_is_found_by_the_first_look() {
    let (home, life) = born(ROOMY);
    drop(life);
    let offered = entry("a", 7);
    let visitor = Visitor::open(home.path()).unwrap();
    visitor
        .offer(&codec::row(&offered, offered.weight()))
        .unwrap();
    drop(visitor);
    let life = live(home.path(), ROOMY);
    life.queue.look().await.unwrap();
    assert_eq!(name(&life.claim().await), "a 7");
    drop(life);
    let life = live(home.path(), ROOMY);
    assert_eq!(life.queue.len(), 1, "it is ours from then on");
}

#[tokio::test]
async fn a_cancellation_reaches_its_run_wherever_it_is() {
    let (home, life) = born(ROOMY);
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
    assert_eq!(life.queue.bytes(), 0);
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
    let offered = entry("a", 0);
    let mut senseless = codec::row(&offered, offered.weight());
    senseless.request = "{}".to_owned();
    Visitor::open(home.path())
        .unwrap()
        .offer(&senseless)
        .unwrap();
    life.queue.look().await.unwrap();
    life.fill("a", 1..2).await;
    assert_eq!(name(&life.claim().await), "a 1");
    assert_eq!((life.queue.len(), life.queue.dead()), (0, 1));
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
