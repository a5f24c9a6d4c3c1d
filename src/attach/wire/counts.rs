use serde_json::json;

use super::parts::members;
use crate::{
    event::{ArmCount, FlowCount, FlowCounts, Passed, Standing, Windows},
    run::Value,
};

/// What passed through the flows. Each window is the number of those that ended and how many of
/// them ended in an error.
pub(super) fn counts_json(counts: &FlowCounts) -> Value {
    json!({
        "revision": &*counts.revision,
        "flows": counts.flows.iter().map(|flow| json!({
            "name": &*flow.name,
            "runs": windows(&flow.runs),
            "refused": windows(&flow.refused),
            "waiting": flow.standing.waiting,
            "parked": flow.standing.parked,
            "running": flow.standing.running,
            "dead": flow.standing.dead,
            "arms": flow.arms.iter().map(|arm| json!({
                "step": arm.step,
                "arm": arm.arm,
                "passed": windows(&arm.passed),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
    })
}

pub(super) fn read_counts(counts: &Value) -> FlowCounts {
    FlowCounts {
        revision: counts["revision"].as_str().unwrap_or_default().into(),
        flows: members(&counts["flows"])
            .map(|flow| FlowCount {
                name: flow["name"].as_str().unwrap_or_default().into(),
                runs: read_windows(&flow["runs"]),
                refused: read_windows(&flow["refused"]),
                standing: Standing {
                    waiting: count(&flow["waiting"]),
                    parked: count(&flow["parked"]),
                    running: count(&flow["running"]),
                    dead: count(&flow["dead"]),
                },
                arms: members(&flow["arms"])
                    .map(|arm| ArmCount {
                        step: id(&arm["step"]).unwrap_or_default(),
                        arm: id(&arm["arm"]),
                        passed: read_windows(&arm["passed"]),
                    })
                    .collect(),
            })
            .collect(),
    }
}

fn windows(windows: &Windows) -> Value {
    let pair = |passed: &Passed| json!([passed.runs, passed.errors]);
    json!({
        "minute": pair(&windows.minute),
        "hour": pair(&windows.hour),
        "day": pair(&windows.day),
    })
}

fn read_windows(windows: &Value) -> Windows {
    let pair = |pair: &Value| Passed {
        runs: count(&pair[0]),
        errors: count(&pair[1]),
    };
    Windows {
        minute: pair(&windows["minute"]),
        hour: pair(&windows["hour"]),
        day: pair(&windows["day"]),
    }
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn id(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_come_back_as_they_were() {
        let passed = |runs, errors| Passed { runs, errors };
        let windows = |first: u64| Windows {
            minute: passed(first, 1),
            hour: passed(first + 1, 2),
            day: passed(first + 2, 3),
        };
        let arm = |arm| ArmCount {
            step: 3,
            arm,
            passed: windows(7),
        };
        let counts = FlowCounts {
            revision: "3f2a91c".into(),
            flows: vec![FlowCount {
                name: "deploy".into(),
                runs: windows(10),
                refused: windows(20),
                standing: Standing {
                    waiting: 1,
                    parked: 4,
                    running: 2,
                    dead: 3,
                },
                arms: vec![arm(Some(1)), arm(None)],
            }],
        };
        assert_eq!(read_counts(&counts_json(&counts)), counts);
    }
}
