//! A configuration, its runs and a clock that stands still.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hookyard::{
    event::{
        Accepted, ArmCount, Doubt, Event, FlowCount, FlowCounts, Loaded, Passed, Process, Reason,
        Rejected, Reroute, Rerouted, Standing, Tally, Windows,
    },
    observe::Moment,
    run::{
        ArmShape, ConditionRecord, FlowShape, OperandRecord, Outcome, Part, Peer, ReplayOf, Reply,
        Request, RunError, RunId, RunRecord, StepDetail, StepRecord, StepShape, Taken, Value,
        VariableShape, Within,
    },
};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::json;

/// 2025-11-24 03:12:44 UTC.
pub fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_763_953_964)
}

pub fn moment(seconds: u64) -> Moment {
    Moment {
        wall: start() + Duration::from_secs(seconds),
        steady: Duration::from_secs(seconds),
    }
}

/// Ids that are the same in every run of the tests.
pub fn id(number: u64) -> RunId {
    RunId::from_u128(0x019a_b3c4_0000_7000_8000_0000_0000_0000 + u128::from(number))
}

fn variable(
    name: &str,
    label: Option<&str>,
    source: &str,
    kind: Option<&'static str>,
) -> VariableShape {
    VariableShape {
        name: name.to_owned(),
        label: label.map(str::to_owned),
        source: source.to_owned(),
        kind,
    }
}

fn step(kind: &'static str, title: &str) -> StepShape {
    StepShape {
        kind,
        title: title.to_owned(),
        arms: Vec::new(),
        on_error: Vec::new(),
    }
}

pub fn payment() -> Arc<FlowShape> {
    let mut branch = step("branch", "big order?");
    branch.arms = vec![
        ArmShape {
            title: "big".to_owned(),
            condition: Some("amount >= 100 and currency == 'EUR'".to_owned()),
            steps: vec![1],
        },
        ArmShape {
            title: "amount < 0".to_owned(),
            condition: Some("amount < 0".to_owned()),
            steps: vec![2],
        },
        ArmShape {
            title: "otherwise".to_owned(),
            condition: None,
            steps: vec![3],
        },
    ];
    Arc::new(FlowShape {
        name: "payment".into(),
        sync: true,
        called: false,
        concurrency: None,
        methods: vec!["POST".to_owned()],
        path: "/payments/1hfmkioou0d".to_owned(),
        url: "https://hooks.example.org/payments/1hfmkioou0d".to_owned(),
        curl: "curl -i -u shop -H 'x-request-id: example' -H 'Content-Type: application/json' -d '{\"amount\":1,\"currency\":\"example\",\"order\":{\"id\":\"example\"}}' https://hooks.example.org/payments/1hfmkioou0d".to_owned(),
        variables: vec![
            variable("x_request_id", None, "header X-Request-Id", None),
            variable("order_id", None, "body order.id", Some("string")),
            variable("amount", None, "body amount", Some("number")),
            variable(
                "currency",
                Some("Currency"),
                "body currency",
                Some("string"),
            ),
        ],
        steps: vec![
            branch,
            step("respond", "200"),
            step("fail", "negative"),
            step("respond", "422"),
        ],
        body: vec![0],
        on_error: Vec::new(),
    })
}

pub fn deploy() -> Arc<FlowShape> {
    let mut branch = step("branch", "main?");
    branch.arms = vec![
        ArmShape {
            title: "ref == 'refs/heads/main'".to_owned(),
            condition: Some("ref == 'refs/heads/main'".to_owned()),
            steps: vec![1],
        },
        ArmShape {
            title: "otherwise".to_owned(),
            condition: None,
            steps: vec![2],
        },
    ];
    Arc::new(FlowShape {
        name: "deploy".into(),
        sync: false,
        called: false,
        concurrency: Some(1),
        methods: vec!["POST".to_owned()],
        path: "/deploy/9s8d7f".to_owned(),
        url: "https://hooks.example.org/deploy/9s8d7f".to_owned(),
        curl: "curl -i -H 'Content-Type: application/json' -d '{\"ref\":\"example\"}' https://hooks.example.org/deploy/9s8d7f".to_owned(),
        variables: vec![variable("ref", None, "body ref", None)],
        steps: vec![branch, step("log", "deploying"), step("stop", "")],
        body: vec![0],
        on_error: vec![],
    })
}

pub fn loaded() -> Event {
    Event::Loaded(Arc::new(Loaded {
        revision: "3f2a91c".into(),
        at: start(),
        file: "flows.kdl".to_owned(),
        files: vec!["flows.kdl".to_owned(), "flows/deploy.kdl".to_owned()],
        is_kept: false,
        commit: Some("8c1f03ba92d7e5460fa1b2c3d4e5f60718293a4b".to_owned()),
        flows: vec![payment(), deploy()],
        listening: vec!["127.0.0.1:13000".to_owned()],
    }))
}

pub fn rejected() -> Event {
    Event::Rejected(Arc::new(Rejected {
        reason: Reason::Broken,
        at: start() + Duration::from_secs(90),
        location: Some("flows.kdl:12:5".to_owned()),
        message: "there is no step `respnd`; did you mean `respond`?".to_owned(),
        errors: 2,
        rendered: "  × there is no step `respnd`\n    ╭─[flows.kdl:12:5]\n 11 │ flow \"payment\" {\n 12 │     respnd 200\n    ·     ───┬──\n    ·        ╰── did you mean `respond`?\n    ╰────\n".to_owned(),
    }))
}

/// What two of the last requests would do, and one of which that is not known.
pub fn rerouted() -> Event {
    Event::Rerouted(Arc::new(Rerouted {
        revision: "3f2a91c".into(),
        looked_at: 50,
        changed: vec![
            Reroute {
                id: id(7).to_string(),
                flow: "payment".to_owned(),
                was: "big".to_owned(),
                now: "otherwise".to_owned(),
                location: Some("flows.kdl:27".to_owned()),
            },
            Reroute {
                id: id(2).to_string(),
                flow: "payment".to_owned(),
                was: "otherwise".to_owned(),
                now: "refused 422: `order.id` is required".to_owned(),
                location: None,
            },
        ],
        unknown: vec![Doubt {
            id: id(4).to_string(),
            flow: "deploy".to_owned(),
            was: "main\x1b[2J".to_owned(),
            why: "`exec ./deploy.sh` would have to be done".to_owned(),
        }],
    }))
}

/// A sound file, one of whose addresses is taken.
pub fn blocked() -> Event {
    let message = "cannot listen on 127.0.0.1:80: another process listens there";
    Event::Rejected(Arc::new(Rejected {
        reason: Reason::Blocked,
        at: start() + Duration::from_secs(90),
        location: None,
        message: message.to_owned(),
        errors: 1,
        rendered: format!("  × {message}\n"),
    }))
}

pub fn request(path: &str, body: impl std::fmt::Display, seconds: u64) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    headers.insert("x-request-id", HeaderValue::from_static("req-7"));
    Request {
        method: Method::POST,
        uri: path.parse().unwrap(),
        headers,
        body: body.to_string().into(),
        peer: Peer::Ip("203.0.113.9:41234".parse().unwrap()),
        received: start() + Duration::from_secs(seconds),
    }
}

/// A run of `payment` with that amount.
pub fn paid(number: u64, amount: i64) -> RunRecord {
    let big = amount >= 100;
    let conditions = [big, amount < 0];
    let arm = conditions.iter().position(|result| *result).unwrap_or(2);
    let operand = |text: &str, value: Value| OperandRecord {
        text: text.to_owned(),
        value: Some(value),
    };
    let mut operands = vec![operand("amount", json!(amount))];
    if big {
        operands.push(operand("currency", json!("EUR")));
    }
    let looked_at = [operands, vec![operand("amount", json!(amount))]];
    let status = [
        StatusCode::OK,
        StatusCode::INTERNAL_SERVER_ERROR,
        StatusCode::UNPROCESSABLE_ENTITY,
    ][arm];
    let failed = arm == 1;
    let message = "negative amount".to_owned();
    RunRecord {
        id: id(number),
        continues: None,
        replay_of: None,
        flow: Some(payment()),
        revision: "3f2a91c".into(),
        request: request(
            "/payments/1hfmkioou0d?source=shop",
            format!(r#"{{"order":{{"id":"A-{number}"}},"amount":{amount}}}"#),
            number,
        ),
        duration: Duration::from_micros(1_230),
        answered: None,
        spent: None,
        outcome: if failed {
            Outcome::Failed
        } else {
            Outcome::Succeeded
        },
        error: failed.then(|| RunError {
            step: Some(2),
            message: message.clone(),
        }),
        variables: vec![
            None,
            Some(json!(format!("A-{number}"))),
            Some(json!(amount)),
            Some(json!("EUR")),
        ],
        taken: [Taken {
            step: 0,
            arm: Some(arm as u32),
        }]
        .into_iter()
        .collect(),
        steps: vec![
            StepRecord {
                step: 0,
                within: None,
                unkept_before: 0,
                started: Duration::from_micros(40),
                took: Duration::from_micros(12),
                error: None,
                detail: StepDetail::Branch {
                    conditions: looked_at
                        .into_iter()
                        .zip(conditions)
                        .enumerate()
                        .take(arm + 1)
                        .map(|(arm, (operands, result))| ConditionRecord {
                            arm: arm as u32,
                            result: Some(result),
                            operands,
                        })
                        .collect(),
                    arm: Some(arm as u32),
                },
            },
            StepRecord {
                step: arm as u32 + 1,
                within: None,
                unkept_before: 0,
                started: Duration::from_micros(60),
                took: Duration::from_micros(180),
                error: failed.then(|| message.clone()),
                detail: if failed {
                    StepDetail::Fail(message)
                } else {
                    StepDetail::Respond(status.as_u16())
                },
            },
        ],
        reply: Some(Reply::text(status, format!("order A-{number}"))),
        detailed: true,
        cut: Default::default(),
    }
}

/// A run of `payment` whose condition could not be decided.
pub fn undecided(number: u64) -> RunRecord {
    let error = "`amount` is a string, \"lots\"; `>=` takes two numbers or two strings".to_owned();
    let mut record = paid(number, 250);
    record.outcome = Outcome::Failed;
    record.error = Some(RunError {
        step: Some(0),
        message: error.clone(),
    });
    record.taken.clear();
    record.steps.truncate(1);
    record.steps[0].error = Some(error);
    record.steps[0].detail = StepDetail::Branch {
        conditions: vec![ConditionRecord {
            arm: 0,
            result: None,
            operands: vec![OperandRecord {
                text: "amount".to_owned(),
                value: Some(json!("lots")),
            }],
        }],
        arm: None,
    };
    record.variables[2] = Some(json!("lots"));
    record.reply = Some(Reply::empty(StatusCode::INTERNAL_SERVER_ERROR));
    record
}

/// A request to a path that no flow has.
pub fn stray(number: u64, path: &str) -> RunRecord {
    RunRecord {
        flow: None,
        request: request(path, Value::Null, number),
        duration: Duration::from_micros(9),
        outcome: Outcome::Refused,
        error: Some(RunError {
            step: None,
            message: "no flow has this path".to_owned(),
        }),
        variables: Vec::new(),
        taken: Default::default(),
        steps: Vec::new(),
        reply: Some(Reply::empty(StatusCode::NOT_FOUND)),
        ..paid(number, 0)
    }
}

pub fn accepted(number: u64) -> Event {
    Event::Accepted(Accepted {
        id: id(number),
        flow: deploy(),
        at: start() + Duration::from_secs(number),
        answered: None,
    })
}

/// The end of [`accepted`].
pub fn deployed(number: u64) -> RunRecord {
    let step = |step, took, detail| StepRecord {
        step,
        within: None,
        unkept_before: 0,
        started: Duration::ZERO,
        took: Duration::from_micros(took),
        error: None,
        detail,
    };
    RunRecord {
        flow: Some(deploy()),
        request: request("/deploy/9s8d7f", json!({"ref": "refs/heads/main"}), number),
        duration: Duration::from_secs(2),
        variables: vec![Some(json!("refs/heads/main"))],
        taken: [Taken {
            step: 0,
            arm: Some(0),
        }]
        .into_iter()
        .collect(),
        steps: vec![
            step(
                0,
                9,
                StepDetail::Branch {
                    conditions: vec![ConditionRecord {
                        arm: 0,
                        result: Some(true),
                        operands: vec![OperandRecord {
                            text: "ref".to_owned(),
                            value: Some(json!("refs/heads/main")),
                        }],
                    }],
                    arm: Some(0),
                },
            ),
            step(1, 1_900_000, StepDetail::Log("deploying main".to_owned())),
        ],
        reply: Some(Reply::text(StatusCode::ACCEPTED, "queued")),
        ..paid(number, 200)
    }
}

/// A run of `deploy` that acted outside: a program, and a request that failed.
pub fn notified(number: u64) -> RunRecord {
    let mut record = deployed(number);
    let mut shape = FlowShape::clone(&deploy());
    shape.steps[1] = step("exec", "./deploy.sh");
    shape.steps.push(step("http", "POST"));
    shape.steps[0].arms[0].steps.push(3);
    record.flow = Some(Arc::new(shape));
    record.steps[1].detail = StepDetail::Effect {
        action: "./deploy.sh acme/shop".to_owned(),
        attempts: 1,
        took: Duration::from_secs(1),
        output: None,
    };
    record.steps.push(StepRecord {
        step: 3,
        within: None,
        unkept_before: 0,
        started: Duration::from_secs(1),
        took: Duration::from_secs(1),
        error: Some("no answer".to_owned()),
        detail: StepDetail::Nothing,
    });
    record
}

/// A replay that went through the items of an order, and more of them than are kept.
pub fn shipped(number: u64) -> RunRecord {
    let mut shape = FlowShape::clone(&deploy());
    let mut each = step("each", "{{ items }}");
    each.arms = vec![ArmShape {
        title: "item".to_owned(),
        condition: None,
        steps: vec![1],
    }];
    shape.steps = vec![each, step("log", "shipped {{ item }}"), step("stop", "")];
    shape.body = vec![0, 2];
    let ran = |step, number: u32, detail| StepRecord {
        step,
        within: (number > 0).then(|| {
            Arc::new(Within {
                step: 0,
                part: Part::Round {
                    number,
                    item: Some(json!(format!("SKU-{number}"))),
                },
                outside: None,
            })
        }),
        unkept_before: 0,
        started: Duration::from_millis(u64::from(number)),
        took: Duration::from_micros(400),
        error: None,
        detail,
    };
    let log = |number| ran(1, number, StepDetail::Log(format!("shipped SKU-{number}")));
    let mut last = log(900);
    last.unkept_before = 897;
    let mut stop = ran(2, 0, StepDetail::Stop);
    stop.started = Duration::from_millis(901);
    RunRecord {
        flow: Some(Arc::new(shape)),
        replay_of: Some(ReplayOf {
            run: id(7),
            is_edited: false,
        }),
        taken: Default::default(),
        steps: vec![ran(0, 0, StepDetail::Each(900)), log(1), log(2), last, stop],
        ..deployed(number)
    }
}

pub fn finished(record: RunRecord) -> Event {
    Event::Finished(Arc::new(record))
}

/// The counters after so many requests, each a bit slower than the last.
pub fn tally(requests: u64) -> Event {
    let tally = Tally::default();
    for request in 0..requests {
        let outcome = match request % 20 {
            7 => Outcome::Failed,
            9 => Outcome::Refused,
            _ => Outcome::Succeeded,
        };
        tally.count(outcome);
        if outcome != Outcome::Refused {
            tally.answered(Duration::from_micros(200 + request * 10));
        }
    }
    let (outcomes, latency) = tally.counts();
    Event::Tally(Arc::new(hookyard::event::TallySnapshot {
        outcomes,
        latency,
        dropped: 0,
        brief: 0,
        unrecorded: 0,
        in_flight: 3,
        waiting: 1,
        parked: 2,
        dead: 2,
        process: Some(Process {
            uptime: Duration::from_secs(18_200),
            memory: Some(18_244 * 1024),
        }),
    }))
}

fn windows(minute: (u64, u64), hour: (u64, u64), day: (u64, u64)) -> Windows {
    let passed = |(runs, errors)| Passed { runs, errors };
    Windows {
        minute: passed(minute),
        hour: passed(hour),
        day: passed(day),
    }
}

/// What passed through the flows of [`loaded`].
pub fn counts() -> Event {
    let arm = |step, arm, passed| ArmCount { step, arm, passed };
    Event::Counts(Arc::new(FlowCounts {
        revision: "3f2a91c".into(),
        flows: vec![
            FlowCount {
                name: "payment".into(),
                runs: windows((12, 1), (340, 7), (5_120, 20)),
                refused: windows((0, 0), (3, 0), (41, 0)),
                standing: Standing::default(),
                arms: vec![
                    arm(0, Some(0), windows((4, 0), (120, 0), (2_000, 5))),
                    arm(0, Some(1), windows((1, 1), (7, 7), (15, 15))),
                    arm(0, Some(2), windows((7, 0), (213, 0), (3_105, 0))),
                ],
            },
            FlowCount {
                name: "deploy".into(),
                runs: windows((0, 0), (2, 1), (9, 1)),
                refused: Windows::default(),
                standing: Standing {
                    waiting: 2,
                    parked: 1,
                    running: 1,
                    dead: 2,
                },
                arms: vec![
                    arm(0, Some(0), windows((0, 0), (1, 1), (6, 1))),
                    arm(0, None, windows((0, 0), (1, 0), (1, 0))),
                ],
            },
        ],
    }))
}
