//! What is said of the branches of a run.

use std::{sync::Arc, time::Duration};

use hookyard::run::{
    ArmShape, CallRecord, FlowShape, RunRecord, StepDetail, StepRecord, StepShape,
};

use crate::{
    fixtures::{finished, loaded, paid, payment},
    screen::Screen,
};

/// What the tab says, below what heads every tab.
fn why(record: RunRecord) -> Vec<String> {
    let mut screen = Screen::new(100, 70);
    screen.hear([loaded(), finished(record)]);
    screen.press("5");
    let text = screen.text();
    text.lines()
        .skip_while(|line| !line.contains("[5 Why]"))
        .skip(3)
        .map(|line| line.trim_end().strip_prefix(' ').unwrap_or(line).to_owned())
        .take_while(|line| !line.starts_with("? help"))
        .collect::<Vec<_>>()
        .join("\n")
        .trim_end()
        .lines()
        .map(str::to_owned)
        .collect()
}

fn branch(title: &str, arms: &[(&str, &[u32])]) -> StepShape {
    StepShape {
        kind: "branch",
        title: title.to_owned(),
        arms: arms
            .iter()
            .map(|(condition, steps)| ArmShape {
                title: (*condition).to_owned(),
                condition: Some((*condition).to_owned()),
                steps: steps.to_vec(),
            })
            .collect(),
        on_error: Vec::new(),
    }
}

fn call(title: &str) -> StepShape {
    StepShape {
        kind: "call",
        arms: Vec::new(),
        ..branch(title, &[])
    }
}

fn ran(step: u32, detail: StepDetail) -> StepRecord {
    StepRecord {
        step,
        within: None,
        unkept_before: 0,
        started: Duration::ZERO,
        took: Duration::from_micros(12),
        error: None,
        detail,
    }
}

#[test]
fn a_condition_that_was_nearly_true_says_by_what_it_was_not() {
    assert_eq!(
        why(paid(1, 95)),
        [
            "branch big order?",
            "  ✗ amount >= 100 and currency == 'EUR'  big",
            "      amount = 95",
            "      95 is 5 below 100",
            "  ✗ amount < 0",
            "      amount = 95",
            "  ✓ otherwise",
        ]
    );
}

#[test]
fn branches_that_were_not_come_to_say_why() {
    let mut record = paid(1, 250);
    record.flow = Some(Arc::new(FlowShape {
        steps: vec![
            branch("outer", &[("a", &[1]), ("b", &[])]),
            branch("inner", &[("c", &[2])]),
            branch("innermost", &[]),
            branch("late", &[]),
            branch("rescue", &[]),
        ],
        body: vec![0, 3],
        on_error: vec![4],
        ..(*payment()).clone()
    }));
    record.steps = vec![ran(
        0,
        StepDetail::Branch {
            conditions: Vec::new(),
            arm: Some(1),
        },
    )];
    assert_eq!(
        why(record),
        [
            "branch outer",
            "  · a  (not looked at: decided above)",
            "  ✓ b",
            "",
            "branch inner",
            "  · not come to: branch \"outer\" did not go to `a`",
            "",
            "branch innermost",
            "  · not come to: branch \"outer\" did not go to `a`",
            "",
            "branch late",
            "  · not come to: the run ended before",
            "",
            "branch rescue",
            "  · not come to: nothing failed",
        ]
    );
}

#[test]
fn branches_of_a_flow_that_was_called_are_told_with_its_name() {
    let mut record = paid(1, 250);
    let steps = record.steps;
    record.flow = Some(Arc::new(FlowShape {
        steps: vec![call("payment")],
        body: vec![0],
        ..(*payment()).clone()
    }));
    let called = CallRecord {
        flow: payment(),
        variables: Vec::new(),
        steps,
        output: None,
    };
    record.steps = vec![ran(0, StepDetail::Call(Box::new(called)))];
    assert_eq!(
        why(record),
        [
            "branch big order?  in payment",
            "  ✓ amount >= 100 and currency == 'EUR'  big",
            "      amount = 250",
            "      currency = \"EUR\"",
            "  · amount < 0  (not looked at: decided above)",
            "  · otherwise  (not taken: decided above)",
        ]
    );
}
