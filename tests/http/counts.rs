//! What passed through a flow is counted, every run and every arm.

use hookyard::event::{ArmCount, FlowCount, Passed, Standing, Windows};

use crate::harness::*;

const FLOWS: &str = r#"
flow "sort" mode="sync" {
    webhook "/sort" { parse { body "amount" type="number" required=#true; }; }
    each "{{ [1, 2] }}" as="item" {
        branch "odd?" { when "item == 1" { log "odd"; }; otherwise { log "even"; }; }
    }
    branch "big?" {
        when "amount >= 100" { respond 200; }
        when "amount < 0" { fail "negative"; }
        otherwise { respond 422; }
    }
}
"#;

fn all(runs: u64, errors: u64) -> Windows {
    let passed = Passed { runs, errors };
    Windows {
        minute: passed,
        hour: passed,
        day: passed,
    }
}

/// What was counted at the site's only flow so far.
fn counted(site: &Site) -> Option<FlowCount> {
    let graph = site.world.graph.load();
    let flow = &graph.flows[0];
    graph.tallies.advance(1);
    flow.tally.counts(&flow.name, Standing::default())
}

#[tokio::test]
async fn every_run_is_counted_once_and_each_arm_as_often_as_it_was_taken() {
    let site = Site::start(FLOWS).await;
    assert_eq!(counted(&site), None);
    for (amount, status) in [(250, 200), (5, 422), (7, 422), (-1, 500)] {
        let body = format!(r#"{{"amount": {amount}}}"#);
        assert_eq!(site.post("/sort", &body).await.status, status);
    }
    assert_eq!(site.post("/sort", "{}").await.status, 422);
    assert_eq!(site.post("/nowhere", "{}").await.status, 404);
    for _ in 0..6 {
        site.record().await;
    }
    let arm = |step, arm, passed| ArmCount {
        step,
        arm: Some(arm),
        passed,
    };
    assert_eq!(
        counted(&site),
        Some(FlowCount {
            name: "sort".into(),
            runs: all(4, 1),
            refused: all(1, 0),
            standing: Standing::default(),
            arms: vec![
                arm(1, 0, all(4, 1)),
                arm(1, 1, all(4, 1)),
                arm(4, 0, all(1, 0)),
                arm(4, 1, all(1, 1)),
                arm(4, 2, all(2, 0)),
            ],
        })
    );
}

#[tokio::test]
async fn no_run_is_left_out_where_more_come_than_are_recorded() {
    let site = Site::start(FLOWS).await;
    let mut client = site.connect().await;
    for _ in 0..1_500 {
        client.send(post("/sort", "", r#"{"amount": 100}"#)).await;
        assert_eq!(client.answer().await.status, 200);
    }
    assert_eq!(counted(&site).map(|count| count.runs), Some(all(1_500, 0)));
}

const CALLS: &str = r#"
flow "order" mode="sync" {
    webhook "/order" { parse { body "amount" type="number" required=#true; }; }
    parallel {
        lane { call "fee" { with amount="{{ amount }}"; }; }
        lane { call "fee" { with amount=5; }; }
    }
    respond 200
}
flow "fee" {
    input "amount" type="number" required=#true
    branch "big?" {
        when "amount >= 100" { log "big"; }
        when "amount < 0" { fail "negative"; }
        otherwise { call "small"; }
    }
}
flow "small" { log "small"; }
"#;

#[tokio::test]
async fn what_is_called_is_counted_with_its_arms_as_often_as_it_was_called() {
    let site = Site::start(CALLS).await;
    for (amount, status) in [(250, 200), (-1, 500)] {
        let body = format!(r#"{{"amount": {amount}}}"#);
        assert_eq!(site.post("/order", &body).await.status, status);
        site.record().await;
    }
    let graph = site.world.graph.load();
    graph.tallies.advance(1);
    let count = |name: &str| {
        let mut flows = graph.flows.iter();
        let flow = flows.find(|flow| *flow.name == *name).unwrap();
        flow.tally.counts(&flow.name, Standing::default()).unwrap()
    };
    let fee = count("fee");
    assert_eq!(fee.runs, all(4, 1));
    let arms: Vec<_> = fee.arms.iter().map(|arm| (arm.arm, arm.passed)).collect();
    let arms: Vec<_> = arms
        .iter()
        .map(|(arm, passed)| (*arm, passed.day))
        .collect();
    let passed = |runs, errors| Passed { runs, errors };
    assert_eq!(
        arms,
        [
            (Some(0), passed(1, 0)),
            (Some(1), passed(1, 1)),
            (Some(2), passed(2, 0)),
        ]
    );
    assert_eq!(count("small").runs, all(2, 0));
}

#[tokio::test]
async fn the_answer_of_an_async_flow_is_counted_before_its_run_has_ended() {
    let site = Site::start(r#"flow "later" { webhook "/later"; delay "1h"; }"#).await;
    let counted = || {
        let tally = site.world.bus.tally();
        let ended: u64 = tally.outcomes.iter().sum();
        let answers: u64 = tally.latency.iter().sum();
        (ended, answers)
    };
    assert_eq!(site.post("/later", "").await.status, 200);
    assert_eq!(counted(), (0, 1));
}
