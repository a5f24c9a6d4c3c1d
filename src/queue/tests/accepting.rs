use std::time::Duration;

use super::*;

fn key(window: Duration) -> Option<Dedupe> {
    Some(Dedupe {
        key: "order A-1".to_owned(),
        window,
    })
}

#[tokio::test]
async fn a_run_is_on_disk_when_it_is_accepted() {
    let (_home, life) = born(ROOMY);
    let accepted = entry("deploy", 1);
    let id = accepted.id.to_string();
    assert_eq!(life.append(accepted).await, Ok(Appended::Queued));
    let row = life.store.reader().unwrap().queued(1).unwrap().unwrap();
    assert_eq!(
        (row.id, row.flow, row.body),
        (id, "deploy".into(), b"\xffbody".as_slice().into())
    );
}

#[tokio::test]
async fn a_hundred_duplicates_at_once_are_one_run_and_get_its_answer() {
    let (_home, life) = born(ROOMY);
    let life = Arc::new(life);
    let appends: Vec<_> = (0..100)
        .map(|number| {
            let life = Arc::clone(&life);
            tokio::spawn(async move {
                let entry = entry("order", number);
                let reply = entry.reply.clone();
                let appended = life.append_with(entry, Policy::default(), key(HOUR)).await;
                (reply, appended)
            })
        })
        .collect();
    let mut first = None;
    let mut others = Vec::new();
    for append in appends {
        match append.await.unwrap() {
            (reply, Ok(Appended::Queued)) => assert_eq!(first.replace(reply), None),
            (_, other) => others.push(other),
        }
    }
    let first = first.expect("one of them is queued");
    assert_eq!(others, vec![Ok(Appended::Duplicate(first)); 99]);
    assert_eq!(life.queue.len(), 1);
    assert_eq!(life.names_now().await.len(), 1);
}

#[tokio::test]
async fn a_key_is_remembered_when_its_run_has_ended_and_across_restarts() {
    let (home, life) = born(ROOMY);
    let first = entry("order", 1);
    let reply = first.reply.clone();
    let queued = life.append_with(first, Policy::default(), key(HOUR)).await;
    assert_eq!(queued, Ok(Appended::Queued));
    assert_eq!(life.names_now().await, ["order 1"]);
    drop(life);
    let life = live(home.path(), ROOMY);
    let again = life
        .append_with(entry("order", 2), Policy::default(), key(HOUR))
        .await;
    assert_eq!(again, Ok(Appended::Duplicate(reply)));
    let other = life
        .append_with(entry("payment", 3), Policy::default(), key(HOUR))
        .await;
    assert_eq!(other, Ok(Appended::Queued), "keys are of a flow");
}

#[tokio::test]
async fn a_key_whose_window_is_over_is_new() {
    let (_home, life) = born(ROOMY);
    for number in 0..2 {
        let appended = life
            .append_with(
                entry("order", number),
                Policy::default(),
                key(Duration::ZERO),
            )
            .await;
        assert_eq!(appended, Ok(Appended::Queued));
    }
    assert_eq!(life.queue.len(), 2);
}

#[tokio::test]
async fn runs_are_bounded_by_count_and_a_claim_makes_room() {
    let (_home, life) = born(Limits { runs: 2, ..ROOMY });
    life.fill("a", 0..2).await;
    assert_eq!(life.append(entry("b", 2)).await, Err(Refusal::Full));
    let claim = life.claim().await;
    life.fill("b", 2..3).await;
    assert_eq!(life.append(entry("b", 3)).await, Err(Refusal::Full));
    claim.finish(ended(Outcome::Succeeded)).await;
    assert_eq!(life.queue.len(), 2);
}

#[tokio::test]
async fn runs_are_bounded_by_their_weight() {
    let weight = entry("a", 0).weight();
    let (_home, life) = born(Limits {
        bytes: 2 * weight,
        ..ROOMY
    });
    life.fill("a", 0..2).await;
    assert_eq!(life.queue.bytes(), 2 * weight);
    let refused = life.queue.append(entry("a", 2), Policy::default(), None);
    let refused = refused.await.unwrap_err();
    assert_eq!(refused.why, Refusal::Full);
    assert_eq!(refused.entry.variables[0], Some(2.into()));
    let _claim = life.claim().await;
    assert_eq!(life.queue.bytes(), weight);
    life.fill("a", 2..3).await;
}

#[tokio::test]
async fn what_is_parked_takes_room_and_does_not_wait() {
    let (_home, life) = born(Limits { runs: 1, ..ROOMY });
    life.fill("a", 0..1).await;
    life.claim()
        .await
        .park(SystemTime::now() + HOUR, HOUR)
        .await;
    assert_eq!(life.queue.len(), 0);
    assert_eq!(life.append(entry("a", 1)).await, Err(Refusal::Full));
}

#[tokio::test]
async fn a_run_that_is_being_written_takes_room() {
    let (_home, life) = born(Limits { runs: 1, ..ROOMY });
    let writing = life.append(entry("a", 0));
    tokio::pin!(writing);
    tokio::select! {
        biased;
        appended = &mut writing => assert_eq!(appended, Ok(Appended::Queued)),
        refused = life.append(entry("a", 1)) => assert_eq!(refused, Err(Refusal::Full)),
    }
}

#[tokio::test]
async fn a_run_whose_commit_failed_is_not_accepted() {
    let (home, life) = born(ROOMY);
    life.store.probe().fill();
    let full = "the disk of the state directory is full".to_owned();
    let refused = life.append(entry("a", 1)).await;
    assert_eq!(refused, Err(Refusal::Fault(full)));
    assert_eq!((life.queue.len(), life.queue.bytes()), (0, 0));
    life.store.probe().heal();
    life.fill("a", 2..3).await;

    life.store.probe().break_disk();
    let refused = life.append(entry("a", 3)).await;
    let broken = "the store cannot be written: an injected fault".to_owned();
    assert_eq!(refused, Err(Refusal::Fault(broken)));
    life.store.probe().heal();
    while life.append(entry("a", 4)).await != Ok(Appended::Queued) {}
    drop(life);
    let life = live(home.path(), ROOMY);
    assert_eq!(name(&life.claim().await), "a 2");
    assert_eq!(name(&life.claim().await), "a 4");
    assert!(life.queue.is_empty());
}

#[tokio::test]
async fn a_run_whose_caller_went_away_is_run_all_the_same() {
    let (_home, life) = born(ROOMY);
    begin_and_leave(life.append(entry("a", 1))).await;
    assert_eq!(name(&life.claim().await), "a 1");
}

#[tokio::test]
async fn a_closed_queue_accepts_nothing_and_hands_out_what_waits() {
    let (_home, life) = born(ROOMY);
    life.fill("a", 0..1).await;
    life.queue.close();
    assert_eq!(life.append(entry("a", 1)).await, Err(Refusal::Closed));
    let claim = life.claim().await;
    assert_eq!(name(&claim), "a 0");
    assert!(life.queue.claim().await.is_none());
}
