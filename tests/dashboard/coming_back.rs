//! What was told over a socket is drawn as if it had been seen here.

use std::sync::Arc;

use hookyard::{
    attach::{Heard, Line, Reader, Redact, event_body},
    dashboard::{Action, Tab},
    event::{Event, Loaded, Parked},
    observe::{Shapes, Told, read_record, record_json},
    run::{
        CallRecord, FlowShape, Reply, RunRecord, Spent, StepDetail, StepRecord, StepShape,
        VariableShape,
    },
};
use http::StatusCode;
use serde_json::json;
use std::time::Duration;

use crate::{
    fixtures::{
        accepted, blocked, deployed, finished, loaded, paid, rejected, start, stray, tally,
        undecided,
    },
    screen::Screen,
};

/// An event that went over a socket.
fn over(reader: &mut Reader, event: &Event) -> Event {
    let redact = Redact {
        record: Box::new(record_json),
        text: Box::new(str::to_owned),
    };
    let (name, kind, body) = event_body(event, &redact);
    let line = Line::new(name, Some(7), kind, &body);
    match reader.read(&line.text) {
        Ok(Heard::Told(Some(7), Told::Event(event))) => event,
        other => panic!("{other:?}"),
    }
}

fn events() -> Vec<Event> {
    let mut brief = paid(9, 250);
    brief.detailed = false;
    brief.steps.clear();
    let mut bytes = paid(10, 5);
    bytes.request.body = vec![0, 255].into();
    let mut events = vec![loaded()];
    events.extend((1..=9).map(|requests| tally(requests * 20)));
    events.extend([
        finished(paid(1, 250)),
        finished(paid(2, 5)),
        finished(paid(3, -3)),
        accepted(4),
        accepted(5),
        finished(deployed(5)),
        Event::Parked(Parked {
            id: crate::fixtures::id(11),
            flow: crate::fixtures::deploy(),
            at: start(),
            due: start() + Duration::from_secs(600),
        }),
        finished(stray(6, "/.env?a=%1b")),
        finished(undecided(7)),
        finished(everything(8)),
        finished(brief),
        finished(bytes),
        rejected(),
        blocked(),
        Event::Notice("something happened\u{1b}[2J".into()),
        Event::Draining,
    ]);
    events
}

/// A flow with a step of every kind that a record tells in its own way.
fn many() -> Arc<FlowShape> {
    let kinds = [
        "set", "log", "delay", "http", "each", "exec", "call", "output", "stop", "parallel",
    ];
    Arc::new(FlowShape {
        name: "many".into(),
        variables: ["a", "b"]
            .map(|name| VariableShape {
                name: name.to_owned(),
                label: None,
                source: "set".to_owned(),
                kind: None,
            })
            .into(),
        steps: kinds
            .map(|kind| StepShape {
                kind,
                title: format!("a {kind}"),
                arms: Vec::new(),
                on_error: Vec::new(),
            })
            .into(),
        body: (0..kinds.len() as u32).collect(),
        ..FlowShape::default()
    })
}

fn everything(number: u64) -> RunRecord {
    let effect = |action: &str, output| StepDetail::Effect {
        action: action.to_owned(),
        attempts: 3,
        took: Duration::from_millis(5),
        output,
    };
    let step = |(step, detail): (usize, StepDetail)| StepRecord {
        step: step as u32,
        within: None,
        unkept_before: 0,
        started: Duration::from_micros(step as u64 * 10),
        took: Duration::from_micros(9),
        error: matches!(detail, StepDetail::Nothing).then(|| "it failed".to_owned()),
        detail,
    };
    let inner = CallRecord {
        flow: many(),
        variables: vec![Some(json!([1, "x"])), None],
        steps: vec![step((1, StepDetail::Log("inner".to_owned())))],
        output: Some(json!({ "ok": true })),
    };
    let details = [
        StepDetail::Set(vec![(0, Some(json!(1.5))), (1, None)]),
        StepDetail::Log("a line".to_owned()),
        StepDetail::Delay(Duration::from_secs(3)),
        effect("GET https://example.org", Some(json!({ "status": 200 }))),
        StepDetail::Each(4),
        effect("./deploy.sh", None),
        StepDetail::Call(Box::new(inner)),
        StepDetail::Output(json!(null)),
        StepDetail::Stop,
        StepDetail::Nothing,
    ];
    RunRecord {
        flow: Some(many()),
        continues: Some(crate::fixtures::id(1)),
        replay_of: Some(crate::fixtures::id(2)),
        answered: Some(Duration::from_micros(730)),
        spent: Some(Spent {
            waited: Duration::from_micros(1),
            parked: Duration::from_micros(2),
            ran: Duration::from_micros(3),
        }),
        variables: vec![Some(json!(1.5)), Some(json!(null))],
        taken: Default::default(),
        steps: details.into_iter().enumerate().map(step).collect(),
        reply: Some(Reply::text(StatusCode::OK, "done")),
        ..paid(number, 250)
    }
}

/// The configuration of the fixtures, with [`many`] in it.
fn with_many() -> Arc<Loaded> {
    let Event::Loaded(loaded) = loaded() else {
        unreachable!()
    };
    let mut loaded = Loaded::clone(&loaded);
    loaded.flows.push(many());
    Arc::new(loaded)
}

#[test]
fn every_screen_is_the_same_as_without_a_socket_between() {
    let mut reader = Reader::default();
    let mut here = Screen::new(120, 40);
    let mut there = Screen::new(120, 40);
    let known = Event::Loaded(with_many());
    for event in [known].into_iter().chain(events().into_iter().skip(1)) {
        there.hear([over(&mut reader, &event)]);
        here.hear([event]);
        assert_eq!(there.text(), here.text());
    }
    for _ in 0..12 {
        for tab in [
            Tab::Steps,
            Tab::Variables,
            Tab::Request,
            Tab::Response,
            Tab::Why,
            Tab::Flow,
            Tab::Raw,
        ] {
            for screen in [&mut here, &mut there] {
                screen.state.act(Action::Show(tab));
                screen.draw();
            }
            assert_eq!(there.text(), here.text());
        }
        for screen in [&mut here, &mut there] {
            screen.state.act(Action::Up);
        }
    }
}

#[test]
fn a_record_comes_back_whole_where_its_flow_is_known() {
    let mut shapes = Shapes::default();
    shapes.learn(&with_many());
    for event in events() {
        if let Event::Finished(record) = event {
            let told = record_json(&record);
            let read = read_record(&told, &shapes).unwrap();
            assert_eq!(record_json(&read), told);
            assert_eq!(read.taken, record.taken);
            assert_eq!(read.flow, record.flow);
        }
    }
}

#[test]
fn a_record_of_a_flow_that_nobody_knows_is_read_by_what_it_says_itself() {
    for event in events() {
        if let Event::Finished(record) = event {
            let told = record_json(&record);
            let read = read_record(&told, &Shapes::default()).unwrap();
            assert_eq!(record_json(&read), told);
        }
    }
}

#[test]
fn a_body_that_was_cut_on_the_way_says_so() {
    let mut record = paid(1, 250);
    record.request.body = "x".repeat(70_000).into();
    let mut reader = Reader::default();
    let mut screen = Screen::new(120, 40);
    screen.hear([over(&mut reader, &finished(record))]);
    screen.press("l3G");
    assert!(
        screen
            .text()
            .contains("… and more, of 68.4 KiB in all, which was not kept"),
        "{}",
        screen.text()
    );
}

#[test]
fn the_flows_come_back_as_they_were() {
    let mut reader = Reader::default();
    let Event::Loaded(read) = over(&mut reader, &Event::Loaded(with_many())) else {
        unreachable!()
    };
    assert_eq!(format!("{read:?}"), format!("{:?}", with_many()));
    assert_eq!(read.at, start());
}
