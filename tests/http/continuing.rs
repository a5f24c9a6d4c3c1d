//! Sync flows that answer, and go on.

use std::sync::Arc;

use hookyard::{
    event::Event,
    queue::Limits,
    run::{Continues, Outcome, RunRecord, StepDetail},
};

use crate::harness::*;

const CONTINUING: &str = r#"
flow "order" mode="sync" {
    webhook "/order" { parse { body "a" as="a" required=#true; }; }
    set b="before {{ a }}"
    branch {
        when "a == 1" { respond 201 then="continue" { body "{{ b }}"; }; set b="inside"; }
        otherwise { respond 202 then="continue"; stop; }
    }
    log "after {{ b }}"
}
"#;

/// The steps that a record tells of.
fn steps(record: &RunRecord) -> Vec<u32> {
    record.steps.iter().map(|step| step.step).collect()
}

#[tokio::test]
async fn what_stands_below_an_answer_is_queued_as_a_run_of_its_own() {
    let site = Site::start(CONTINUING).await;
    let answer = site.post("/order", r#"{"a": 1}"#).await;
    assert_eq!((answer.status, &*answer.body), (201, "before 1"));
    let [Event::Accepted(accepted), Event::Finished(record)] = &site.events()[..] else {
        panic!("the rest is told of, and then the end of what came before it");
    };
    assert_eq!(accepted.answered, None, "the first of the two was");
    assert_eq!(
        (record.outcome, record.continues),
        (Outcome::Succeeded, None)
    );
    assert_eq!(steps(record), [0, 1, 2]);
    let claim = site.world.queue.claim().await.unwrap();
    let rest = &claim.entry;
    assert_eq!(rest.id, accepted.id);
    assert_eq!(
        rest.continues,
        Some(Continues {
            run: record.id,
            from: 3
        })
    );
    assert_eq!(rest.variables, [Some(1.into()), Some("before 1".into())]);
    assert_eq!(&rest.request.body[..], br#"{"a": 1}"#);
    assert_eq!(
        (rest.reply.status.as_u16(), &rest.reply.body[..]),
        (201, &b"before 1"[..])
    );
}

#[tokio::test]
async fn where_the_rest_cannot_be_queued_the_caller_is_told_and_it_is_not_run() {
    let no_room = Limits {
        runs: 0,
        bytes: usize::MAX,
    };
    let site = Site::of(graph(CONTINUING), no_room).await;
    let answer = site.post("/order", r#"{"a": 1}"#).await;
    assert_eq!(
        (answer.status, &*answer.body, answer.header("retry-after")),
        (503, "too many runs are waiting; try again\n", Some("5"))
    );
    let [Event::Finished(record)] = &site.events()[..] else {
        panic!("no other run is told of");
    };
    let record: &Arc<RunRecord> = record;
    assert_eq!(record.outcome, Outcome::Failed);
    let error = record.error.as_ref().unwrap();
    assert_eq!(
        (error.step, &*error.message),
        (
            Some(2),
            "the rest is not run: too many runs are waiting; try again"
        )
    );
    assert!(matches!(record.steps[2].detail, StepDetail::Respond(201)));
    assert_eq!(site.world.queue.waiting(), 0);
}
