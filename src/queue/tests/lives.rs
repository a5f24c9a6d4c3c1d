use std::time::Duration;

use super::*;

#[tokio::test]
async fn the_next_life_finds_what_waited_in_its_order() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..2).await;
    life.fill("b", 0..1).await;
    let kept = entry("a", 2);
    let expected = format!("{kept:?}");
    life.append(kept).await.unwrap();
    drop(life);

    let life = live(home.path(), room_for(5));
    assert_eq!(life.queue.waiting(), 4);
    life.fill("a", 3..4).await;
    assert_eq!(life.append(entry("a", 4)).await, Err(Refusal::Full));
    for expected in ["a 0", "b 0", "a 1"] {
        let claim = life.claim().await;
        assert_eq!(
            (name(&claim), claim.interruptions),
            (expected.to_owned(), 0)
        );
        claim.finish(ended(Outcome::Succeeded)).await;
    }
    let claim = life.claim().await;
    assert_eq!(format!("{:?}", claim.entry), expected);
}

#[tokio::test]
async fn an_interrupted_run_recalls_its_effects_and_is_counted() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    let claim = life.claim().await;
    claim.begin().await.unwrap();
    claim.keep("step 1", json!({ "status": 200 })).await;
    claim.keep("step 2", json!(0.1)).await;
    assert_eq!(claim.recall("step 1"), None, "only later lives recall");
    drop(claim);
    assert!(life.claim_now().await.is_none(), "not in this life");
    drop(life);

    let life = live(home.path(), ROOMY);
    let claim = life.claim().await;
    assert_eq!(claim.interruptions, 1);
    assert_eq!(claim.recall("step 1"), Some(&json!({ "status": 200 })));
    let keys: Vec<_> = claim.recalled().keys().collect();
    assert_eq!(keys, ["step 1", "step 2"]);
    claim.finish(ended(Outcome::Succeeded)).await;
    drop(life);

    let life = live(home.path(), ROOMY);
    assert_eq!(life.queue.waiting(), 0);
    assert_eq!(outcomes(&life), ["succeeded"]);
}

#[tokio::test]
async fn a_run_that_ends_its_process_again_and_again_is_dead() {
    let (home, mut life) = born(ROOMY);
    life.fill("a", 0..1).await;
    for interruptions in 0..MOST_INTERRUPTIONS {
        let claim = life.claim().await;
        assert_eq!(claim.interruptions, interruptions);
        assert_eq!(claim.begin().await, Ok(()));
        drop((claim, life));
        life = live(home.path(), ROOMY);
    }
    let claim = life.claim().await;
    let dead = claim.begin().await.unwrap_err();
    assert_eq!(dead, Dead { interruptions: 5 });
    assert_eq!(dead.to_string(), "the run was interrupted 5 times");
    claim.finish(ended(Outcome::Dead)).await;
    assert_eq!((life.queue.waiting(), life.queue.dead()), (0, 1));
    drop(life);

    let life = live(home.path(), ROOMY);
    assert_eq!((life.queue.waiting(), life.queue.dead()), (0, 1));
    assert!(life.claim_now().await.is_none());
    assert_eq!(outcomes(&life), ["dead"]);
}

#[tokio::test]
async fn a_claim_that_is_dropped_without_a_word_counts_as_interrupted() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    let claim = life.claim().await;
    let panicked = tokio::spawn(async move {
        let _claim = claim;
        panic!("a step");
    });
    assert!(panicked.await.unwrap_err().is_panic());
    drop(life);
    let life = live(home.path(), ROOMY);
    assert_eq!(life.claim().await.interruptions, 1);
}

#[tokio::test]
async fn a_run_that_is_given_back_is_claimed_again_and_not_counted() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..2).await;
    let claim = life.claim().await;
    claim.begin().await.unwrap();
    claim.keep("step 1", json!(1)).await;
    claim.give_back().await;
    let claim = life.claim().await;
    assert_eq!((name(&claim), claim.interruptions), ("a 0".to_owned(), 0));
    assert_eq!(claim.recall("step 1"), Some(&json!(1)));
    claim.give_back().await;
    drop(life);
    let life = live(home.path(), ROOMY);
    let claim = life.claim().await;
    assert_eq!((name(&claim), claim.interruptions), ("a 0".to_owned(), 0));
}

#[tokio::test]
async fn a_parked_run_stays_parked_in_the_next_life_and_comes_in_its_time() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..3).await;
    let claim = life.claim().await;
    claim.begin().await.unwrap();
    claim.keep("step 1", json!("done")).await;
    let soon = SystemTime::now() + Duration::from_millis(1_500);
    claim.park(soon, Duration::from_millis(1_500)).await;
    life.claim()
        .await
        .park(SystemTime::now() + HOUR, HOUR)
        .await;
    drop(life);

    let life = live(home.path(), ROOMY);
    let mut names = Vec::new();
    for _ in 0..2 {
        let claim = life.claim().await;
        if name(&claim) == "a 0" {
            assert!(SystemTime::now() >= soon);
            assert_eq!(claim.interruptions, 0);
            assert_eq!(claim.recall("step 1"), Some(&json!("done")));
        }
        names.push(name(&claim));
    }
    names.sort();
    assert_eq!(names, ["a 0", "a 2"]);
    life.queue.close();
    assert!(
        life.queue.claim().await.is_none(),
        "a parked one is not waited for"
    );
}

#[tokio::test]
async fn no_parked_run_waits_longer_because_the_clock_was_set_back() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..2).await;
    // The wall clock was an hour ahead when the waits began.
    let due = SystemTime::now() + HOUR;
    let wait = Duration::from_millis(30);
    for _ in 0..2 {
        life.claim().await.park(due, wait).await;
    }
    let first = life.claim().await;
    assert!(first.has_waited(due));
    assert!(!first.has_waited(due + wait), "that is another wait");
    first.finish(ended(Outcome::Succeeded)).await;
    drop(life);

    let life = live(home.path(), ROOMY);
    assert!(life.claim().await.has_waited(due));
}

#[tokio::test]
async fn what_must_be_kept_waits_until_the_disk_is_well() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    let claim = life.claim().await;
    claim.begin().await.unwrap();
    life.store.probe().break_disk();
    {
        let keeping = claim.keep("step 1", json!(1));
        tokio::pin!(keeping);
        // A write behind it was refused, so it was refused, too.
        tokio::select! {
            biased;
            () = &mut keeping => panic!("the disk is broken"),
            refused = life.append(entry("a", 1)) => {
                let broken = "the store cannot be written: an injected fault".to_owned();
                assert_eq!(refused, Err(Refusal::Fault(broken)));
            }
        }
        life.store.probe().heal();
        keeping.await;
    }
    life.store.probe().fill();
    let finishing = claim.finish(ended(Outcome::Failed));
    tokio::pin!(finishing);
    tokio::select! {
        biased;
        () = &mut finishing => panic!("the disk is full"),
        refused = life.append(entry("a", 1)) => {
            let full = "the disk of the state directory is full".to_owned();
            assert_eq!(refused, Err(Refusal::Fault(full)));
        }
    }
    life.store.probe().heal();
    finishing.await;
    drop(life);
    let life = live(home.path(), ROOMY);
    assert_eq!(life.queue.waiting(), 0);
    assert_eq!(outcomes(&life), ["failed"]);
}

#[tokio::test]
async fn the_history_says_what_is_listed_of_a_run() {
    let (_home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    let claim = life.claim().await;
    let id = claim.entry.id.to_string();
    let finish = ended(Outcome::Failed);
    let record = finish.record.clone();
    claim.finish(finish).await;
    let reader = life.store.reader().unwrap();
    let all = crate::store::HistoryFilter::default();
    let [listed] = &reader.history(&all, 10).unwrap()[..] else {
        panic!("one run has ended");
    };
    assert_eq!(
        (&*listed.id, &*listed.outcome, listed.error.as_deref()),
        (&*id, "failed", Some("why"))
    );
    assert_eq!(listed.duration_us, 5_000);
    assert_eq!(reader.record(&id), Ok(Some(record)));
}
