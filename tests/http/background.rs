use hookyard::{event::Event, queue::Limits, run::Outcome};

use crate::harness::*;

const ASYNC: &str = r#"
flow "job" mode="async" {
    webhook "/job" {
        parse { body "a" as="a" required=#true; body "code" as="code" default="202" }
        respond "{{ code }}" { body "queued {{ a }}" }
    }
    log "{{ a }}"
}
flow "default" mode="async" { webhook "/default"; log "x" }
"#;

#[tokio::test]
async fn an_async_flow_is_answered_from_its_trigger_once_its_run_is_queued() {
    let site = Site::start(ASYNC).await;
    let answer = site.post("/job", r#"{"a": 1}"#).await;
    assert_eq!((answer.status, &*answer.body), (202, "queued 1"));
    assert_eq!(site.world.queue.waiting(), 1);
    let [Event::Accepted(accepted)] = &site.events()[..] else {
        panic!("it is told once");
    };
    let claim = site.world.queue.claim().await.unwrap();
    assert_eq!(accepted.id, claim.entry.id);
    let answered = accepted.answered.as_ref().unwrap();
    assert_eq!(
        (&answered.method, &*answered.path, answered.status.as_u16()),
        (&http::Method::POST, "/job", 202)
    );
    assert_eq!(claim.entry.reply.status, 202);
    assert_eq!(claim.entry.variables[0], Some(1.into()));
    assert_eq!(site.post("/default", "").await.body, "ok");
}

#[tokio::test]
async fn a_request_that_is_refused_queues_nothing() {
    let site = Site::start(ASYNC).await;
    assert_eq!(site.post("/job", "{}").await.status, 422);
    assert_eq!(site.post("/job", "{").await.status, 400);
    assert_eq!(site.world.queue.waiting(), 0);
}

#[tokio::test]
async fn an_answer_that_cannot_be_rendered_is_500_and_queues_nothing() {
    let site = Site::start(ASYNC).await;
    let answer = site.post("/job", r#"{"a": 1, "code": "seven"}"#).await;
    assert_eq!((answer.status, &*answer.body), (500, "the flow failed\n"));
    assert_eq!(site.world.queue.waiting(), 0);
    let record = site.record().await;
    assert_eq!(record.outcome, Outcome::Failed);
    assert!(record.error.as_ref().unwrap().message.contains("seven"));
    assert_eq!(&record.request.body[..], br#"{"a": 1, "code": "seven"}"#);
}

#[tokio::test]
async fn a_full_queue_is_503_and_nothing_is_half_accepted() {
    let limits = Limits {
        runs: 1,
        bytes: usize::MAX,
    };
    let site = Site::of(graph(ASYNC), limits).await;
    assert_eq!(site.post("/job", r#"{"a": 1}"#).await.status, 202);
    site.events();
    let answer = site.post("/job", r#"{"a": 2}"#).await;
    assert_eq!(
        (answer.status, answer.header("retry-after")),
        (503, Some("5"))
    );
    let record = site.record().await;
    assert_eq!(record.outcome, Outcome::Refused);
    assert_eq!(&record.request.body[..], br#"{"a": 2}"#);
    assert_eq!(site.world.queue.waiting(), 1);
    site.world.queue.claim().await.unwrap();
    assert_eq!(site.post("/job", r#"{"a": 3}"#).await.status, 202);
}

#[tokio::test]
async fn a_queue_that_is_closed_accepts_nothing() {
    let site = Site::start(ASYNC).await;
    site.world.queue.close();
    assert_eq!(site.post("/default", "").await.status, 503);
}
