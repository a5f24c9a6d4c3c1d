use std::{
    pin::pin,
    task::{Context, Waker},
    time::Duration,
};

use super::*;
use crate::event::Standing;
use crate::store::{IndexRow, State};

#[tokio::test]
async fn it_is_known_of_each_flow_how_its_runs_stand() {
    let (home, life) = born(ROOMY);
    life.queue.set_policy("idle", policy(None, Overlap::Queue));
    life.fill("a", 0..4).await;
    life.fill("b", 0..1).await;
    let running = life.claim().await;
    life.claim().await.finish(ended(Outcome::Dead)).await;
    life.claim()
        .await
        .park(SystemTime::now() + HOUR, HOUR)
        .await;
    let standing = |waiting, parked, running, dead| Standing {
        waiting,
        parked,
        running,
        dead,
    };
    let all: std::collections::BTreeMap<_, _> = life.queue.standing().into_iter().collect();
    let all: Vec<_> = all.iter().map(|(flow, it)| (&**flow, *it)).collect();
    assert_eq!(
        all,
        [("a", standing(2, 1, 1, 0)), ("b", standing(0, 0, 0, 1))]
    );
    drop((running, life));

    let life = live(home.path(), ROOMY);
    assert_eq!(life.queue.standing()["b"], standing(0, 0, 0, 1));
}

#[tokio::test]
async fn a_flow_goes_in_the_order_of_acceptance_and_flows_take_turns() {
    let (_home, life) = born(ROOMY);
    life.fill("a", 0..4).await;
    life.fill("b", 0..1).await;
    life.fill("c", 0..2).await;
    assert_eq!(
        life.names_now().await,
        ["a 0", "b 0", "c 0", "a 1", "c 1", "a 2", "a 3"]
    );
}

#[tokio::test]
async fn no_more_of_a_flow_go_at_once_than_its_concurrency() {
    let (_home, life) = born(ROOMY);
    life.queue.set_policy("a", policy(Some(2), Overlap::Queue));
    life.fill("a", 0..3).await;
    life.fill("b", 0..1).await;
    let first = life.claim().await;
    let claims = [life.claim().await, life.claim().await];
    assert_eq!(claims.each_ref().map(name), ["b 0", "a 1"]);
    assert!(life.claim_now().await.is_none());
    first.finish(ended(Outcome::Failed)).await;
    assert_eq!(name(&life.claim_now().await.unwrap()), "a 2");
}

#[tokio::test]
async fn a_stuck_flow_starves_no_other() {
    let (_home, life) = born(ROOMY);
    life.fill("stuck", 0..20).await;
    let mut stuck = Vec::new();
    while let Some(claim) = life.claim_now().await {
        stuck.push(claim);
    }
    assert_eq!(stuck.len(), 16);
    life.fill("other", 0..2).await;
    let other = life.claim_now().await.unwrap();
    assert_eq!(name(&other), "other 0");
    assert!(life.claim_now().await.is_none());
    other.finish(ended(Outcome::Succeeded)).await;
    assert_eq!(name(&life.claim_now().await.unwrap()), "other 1");
}

#[tokio::test]
async fn a_parked_run_keeps_its_place_in_a_flow_of_one() {
    let (_home, life) = born(ROOMY);
    life.queue.set_policy("a", policy(Some(1), Overlap::Queue));
    life.fill("a", 0..2).await;
    let moment = Duration::from_millis(30);
    let soon = SystemTime::now() + moment;
    life.claim().await.park(soon, moment).await;
    assert!(life.claim_now().await.is_none());
    let parked = life.claim().await;
    assert!(SystemTime::now() >= soon);
    assert_eq!((name(&parked), parked.interruptions), ("a 0".to_owned(), 0));
    parked.finish(ended(Outcome::Succeeded)).await;
    assert_eq!(name(&life.claim().await), "a 1");
}

#[tokio::test]
async fn a_parked_run_lets_others_of_an_unbounded_flow_by() {
    let (_home, life) = born(ROOMY);
    life.fill("a", 0..2).await;
    life.claim()
        .await
        .park(SystemTime::now() + HOUR, HOUR)
        .await;
    assert_eq!(life.names_now().await, ["a 1"]);
}

#[tokio::test]
async fn more_concurrency_wakes_who_waits() {
    let (_home, life) = born(ROOMY);
    life.queue.set_policy("a", policy(Some(1), Overlap::Queue));
    life.fill("a", 0..2).await;
    let _first = life.claim().await;
    let waiting = life.claim();
    tokio::pin!(waiting);
    tokio::select! {
        biased;
        claim = &mut waiting => panic!("{claim:?}"),
        () = std::future::ready(()) => {}
    }
    life.queue.set_policy("a", policy(None, Overlap::Queue));
    assert_eq!(name(&waiting.await), "a 1");
}

#[tokio::test]
async fn how_the_runs_of_a_flow_go_is_forgotten_with_the_last_of_them_unless_it_is_served() {
    let (_home, life) = born(ROOMY);
    let forget = || life.queue.keep_policies(|flow| flow == "served");
    for flow in ["served", "gone"] {
        life.queue.set_policy(flow, policy(Some(1), Overlap::Queue));
    }
    life.fill("gone", 0..2).await;
    let first = life.claim().await;
    forget();
    assert!(life.claim_now().await.is_none(), "the first has not ended");
    first.finish(ended(Outcome::Succeeded)).await;
    assert_eq!(life.names_now().await, ["gone 1"]);

    forget();
    life.fill("gone", 2..4).await;
    life.fill("served", 0..2).await;
    let mut at_once = Vec::new();
    while let Some(claim) = life.claim_now().await {
        at_once.push(claim);
    }
    let mut names: Vec<_> = at_once.iter().map(name).collect();
    names.sort();
    assert_eq!(names, ["gone 2", "gone 3", "served 0"]);
}

#[tokio::test]
async fn a_flow_that_drops_keeps_as_many_as_go_at_once() {
    let (_home, life) = born(ROOMY);
    let drops = policy(Some(2), Overlap::Drop);
    life.queue.set_policy("a", drops);
    for (number, expected) in [
        (0, Appended::Queued),
        (1, Appended::Queued),
        (2, Appended::Dropped),
    ] {
        let appended = life.append_with(entry("a", number), drops, None).await;
        assert_eq!(appended, Ok(expected));
    }
    let claim = life.claim().await;
    let dropped = life.append_with(entry("a", 3), drops, None).await;
    assert_eq!(dropped, Ok(Appended::Dropped), "it is still there");
    claim.finish(ended(Outcome::Succeeded)).await;
    let queued = life.append_with(entry("a", 4), drops, None).await;
    assert_eq!(queued, Ok(Appended::Queued));
    assert_eq!(life.names_now().await, ["a 1", "a 4"]);
}

#[tokio::test]
async fn a_duplicate_of_what_a_flow_is_busy_with_is_answered_as_the_first_was() {
    let (_home, life) = born(ROOMY);
    let drops = policy(None, Overlap::Drop);
    let key = || {
        Some(Dedupe {
            key: "k".to_owned(),
            window: Duration::from_secs(3600),
        })
    };
    let first = entry("a", 0);
    let reply = first.reply.clone();
    let queued = life.append_with(first, drops, key()).await;
    assert_eq!(queued, Ok(Appended::Queued));
    let again = life.append_with(entry("a", 1), drops, key()).await;
    assert_eq!(again, Ok(Appended::Duplicate(reply)));
    let other = life.append_with(entry("a", 2), drops, None).await;
    assert_eq!(other, Ok(Appended::Dropped));
}

#[tokio::test]
async fn a_run_that_replaces_others_cancels_them_and_goes_when_they_have_ended() {
    let (home, life) = born(ROOMY);
    let replaces = policy(Some(1), Overlap::Replace);
    life.queue.set_policy("a", replaces);
    life.fill("b", 0..1).await;
    life.fill("a", 0..2).await;
    let other = life.claim().await;
    let running = life.claim().await;
    assert_eq!(name(&running), "a 0");
    running.begin().await.unwrap();
    let third = entry("a", 2);
    let why = Some(Cancelled::Replaced(third.id));
    let replaced = life.append_with(third, replaces, None).await;
    assert_eq!(replaced, Ok(Appended::Queued));
    running.cancelled().await;
    let waited = life.claim().await;
    assert_eq!(
        (name(&waited), waited.is_cancelled()),
        ("a 1".to_owned(), true)
    );
    assert!(!other.is_cancelled());
    assert!(life.claim_now().await.is_none(), "the first has not ended");

    // What was cancelled ends as that in the next life, too, and for the same reason.
    drop((running, waited, other));
    drop(life);
    let life = live(home.path(), ROOMY);
    let mut claims = Vec::new();
    for _ in 0..4 {
        let claim = life.claim().await;
        claims.push((name(&claim), claim.why_cancelled()));
        claim.finish(ended(Outcome::Cancelled)).await;
    }
    claims.sort_by(|one, other| one.0.cmp(&other.0));
    let expected = [("a 0", why), ("a 1", why), ("a 2", None), ("b 0", None)];
    assert_eq!(claims, expected.map(|(name, is)| (name.to_owned(), is)));
}

#[tokio::test]
async fn a_run_is_kept_in_one_write_with_the_end_of_those_whose_place_it_takes() {
    let (_home, life) = born(ROOMY);
    let replaces = policy(Some(1), Overlap::Replace);
    life.fill("a", 0..1).await;
    life.fill("b", 0..1).await;
    let commits = life.store.probe().commits();
    let next = entry("a", 1);
    let by = next.id.to_string();
    life.append_with(next, replaces, None).await.unwrap();
    assert_eq!(life.store.probe().commits(), commits + 1);
    let standing = || {
        let mut standing = Vec::new();
        let reader = life.store.reader().unwrap();
        let each = |row: IndexRow| standing.push((row.state, row.cancelled_by));
        reader.index(each).unwrap();
        standing
    };
    let waits = (State::Pending, None);
    let ends = |by: &String| (State::Cancelled, Some(by.clone()));
    assert_eq!(standing(), [ends(&by), waits.clone(), waits.clone()]);

    // As many as are written together.
    let [second, third, fourth] = [2, 3, 4].map(|number| entry("a", number));
    let [by_second, by_third, by_fourth] =
        [&second, &third, &fourth].map(|entry| entry.id.to_string());
    let (second, third, fourth) = tokio::join!(
        life.append_with(second, replaces, None),
        life.append_with(third, replaces, None),
        life.append_with(fourth, replaces, None),
    );
    for appended in [second, third, fourth] {
        assert_eq!(appended, Ok(Appended::Queued));
    }
    assert_eq!(
        standing(),
        [
            ends(&by),
            waits.clone(),
            ends(&by_second),
            ends(&by_third),
            ends(&by_fourth),
            waits
        ]
    );
}

#[tokio::test]
async fn payloads_that_find_no_room_in_memory_are_read_back() {
    let large = |number: u32| {
        let mut large = entry("a", number);
        large.request.body = Bytes::from(vec![number as u8; 1 << 20]);
        large.document = Some(json!({ "number": number }));
        large
    };
    let (_home, life) = born(Limits {
        bytes: 8 * large(0).weight(),
        ..ROOMY
    });
    for number in 0..8 {
        assert_eq!(life.append(large(number)).await, Ok(Appended::Queued));
    }
    for number in 0..8 {
        let claim = life.claim().await;
        assert_eq!(name(&claim), format!("a {number}"));
        assert_eq!(claim.entry.request.body, vec![number as u8; 1 << 20]);
        assert_eq!(claim.entry.document, Some(json!({ "number": number })));
        claim.finish(ended(Outcome::Succeeded)).await;
    }
    for number in 0..8 {
        assert_eq!(life.append(large(number)).await, Ok(Appended::Queued));
    }
}

#[tokio::test]
async fn a_claim_that_nobody_waited_for_keeps_its_turn() {
    let (home, life) = born(ROOMY);
    life.fill("a", 0..2).await;
    drop(life);
    let life = live(home.path(), ROOMY);
    tokio::select! {
        biased;
        // It may have been quick.
        claim = life.queue.claim() => claim.unwrap().give_back().await,
        () = std::future::ready(()) => {}
    }
    assert_eq!(life.queue.waiting(), 2);
    assert_eq!(name(&life.claim().await), "a 0");
}

#[tokio::test]
async fn every_run_reaches_one_of_many_workers_and_closing_ends_them_all() {
    let (_home, life) = born(ROOMY);
    let life = Arc::new(life);
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let life = Arc::clone(&life);
            tokio::spawn(async move {
                let mut names = Vec::new();
                while let Some(claim) = life.queue.claim().await {
                    names.push(name(&claim));
                    claim.finish(ended(Outcome::Succeeded)).await;
                }
                names
            })
        })
        .collect();
    life.fill("a", 100..150).await;
    life.fill("b", 100..150).await;
    life.queue.close();
    let mut all = Vec::new();
    for worker in workers {
        all.extend(worker.await.unwrap());
    }
    all.sort();
    let expected = ["a", "b"].map(|flow| (100..150).map(move |number| format!("{flow} {number}")));
    assert_eq!(all, expected.into_iter().flatten().collect::<Vec<_>>());
    assert_eq!(outcomes(&life), vec!["succeeded"; 100]);
}

#[tokio::test]
async fn a_run_that_takes_the_place_of_one_in_the_file_is_not_taken_for_it() {
    let (_home, life) = born(ROOMY);
    for flow in ["a", "b"] {
        life.queue.set_policy(flow, policy(Some(1), Overlap::Queue));
    }
    life.fill("a", 0..1).await;
    let first = life.claim().await;
    let mut ending = pin!(first.finish(ended(Outcome::Succeeded)));
    // What is to be written is handed over; nobody hears yet that it is.
    let mut nobody = Context::from_waker(Waker::noop());
    assert!(ending.as_mut().poll(&mut nobody).is_pending());
    life.fill("b", 0..1).await;
    let second = life.claim().await;
    ending.await;
    life.fill("b", 1..2).await;
    life.fill("a", 1..2).await;
    assert_eq!(name(&life.claim_now().await.unwrap()), "a 1");
    assert!(life.claim_now().await.is_none(), "b goes already");
    second.finish(ended(Outcome::Succeeded)).await;
    assert_eq!(name(&life.claim_now().await.unwrap()), "b 1");
}
