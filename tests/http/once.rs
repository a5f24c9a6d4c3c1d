//! Requests that come again: one run, the same answer.

use hookyard::run::Outcome;

use crate::harness::*;

const FLOWS: &str = r#"
flow "pay" mode="sync" {
    webhook "/pay" {
        parse { body "id" type="string" required=#true; body "bad" default=#false; }
        dedupe key="{{ id }}" window="1h"
    }
    delay "50ms"
    branch { when "bad" { fail "no"; }; }
    respond 201 { header "X-Run" "{{ run.id }}"; body "paid {{ id }} by {{ run.id }}"; }
}
flow "push" {
    webhook "/push" {
        parse { header "X-Delivery" as="delivery" required=#true; }
        dedupe key="{{ delivery }}" window="1h"
        respond 202 { body "{{ run.id }}"; }
    }
    log "x"
}
"#;

async fn hundred_times(site: &Site, request: &str) -> Vec<Answer> {
    let all = (0..100).map(|_| site.ask(request));
    futures_util::future::join_all(all).await
}

fn tell_apart(mut answers: Vec<Answer>) -> Vec<(u16, String, Option<String>)> {
    let of = |answer: &Answer| {
        let run = answer.header("x-run").map(str::to_owned);
        (answer.status, answer.body.clone(), run)
    };
    answers.sort_by_key(|answer| answer.body.clone());
    answers.dedup_by_key(|answer| of(answer));
    answers.iter().map(of).collect()
}

#[tokio::test]
async fn a_hundred_duplicates_at_once_are_one_run_and_all_get_its_answer() {
    let site = Site::start(FLOWS).await;
    let answers = hundred_times(&site, &post("/pay", "", r#"{"id": "A-1"}"#)).await;
    let [(201, body, Some(run))] = &tell_apart(answers)[..] else {
        panic!("they differ");
    };
    assert_eq!(*body, format!("paid A-1 by {run}"));
    let again = site.post("/pay", r#"{"id": "A-1"}"#).await;
    assert_eq!((again.status, &again.body), (201, body));
    let other = site.post("/pay", r#"{"id": "A-2"}"#).await;
    assert_eq!(other.status, 201);
    assert_ne!(other.body, *body);
    let mut outcomes: Vec<_> = Vec::new();
    for _ in 0..102 {
        outcomes.push(site.record().await.outcome);
    }
    let runs = outcomes.iter().filter(|it| **it == Outcome::Succeeded);
    let skipped = outcomes.iter().filter(|it| **it == Outcome::Skipped);
    assert_eq!((runs.count(), skipped.count()), (2, 100));
}

#[tokio::test]
async fn a_run_that_failed_may_be_tried_again() {
    let site = Site::start(FLOWS).await;
    let bad = site.post("/pay", r#"{"id": "A-1", "bad": true}"#).await;
    assert_eq!(bad.status, 500);
    assert_eq!(site.post("/pay", r#"{"id": "A-1"}"#).await.status, 201);
}

#[tokio::test]
async fn a_sender_that_hung_up_and_tries_again_gets_the_answer_of_the_run_it_left() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    client.send(post("/pay", "", r#"{"id": "A-1"}"#)).await;
    drop(client);
    let record = site.record().await;
    let answer = site.post("/pay", r#"{"id": "A-1"}"#).await;
    assert_eq!(answer.body, format!("paid A-1 by {}", record.id));
}

#[tokio::test]
async fn requests_without_a_key_are_not_taken_for_one_another() {
    let site = Site::start(FLOWS).await;
    let empty = r#"{"id": " "}"#;
    let first = site.post("/pay", empty).await;
    let second = site.post("/pay", empty).await;
    assert_eq!((first.status, second.status), (201, 201));
    assert_ne!(first.body, second.body);
}

#[tokio::test]
async fn a_hundred_duplicates_of_an_async_flow_are_queued_once() {
    let site = Site::start(FLOWS).await;
    let push = post("/push", "X-Delivery: d-1\r\n", "");
    let answers = hundred_times(&site, &push).await;
    assert_eq!(tell_apart(answers).len(), 1);
    assert_eq!(site.world.queue.waiting(), 1);
}
