//! Runs that have not ended: what is told of them, and to whom.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::{Value, json};

use crate::{
    support::Server,
    viewer::{Viewer, types},
};

/// A flow that has to wait for somebody to make a file.
const FLOWS: &str = r#"
flow "deploy" concurrency=1 {
    webhook "/deploy" { parse { body "ref" default=""; }; }
    set kind="slow"
    exec "sh" "-c" "while [ ! -e $GO ]; do sleep 0.01; done" { env "GO" "GO-FILE"; }
    log "done"
}
"#;

fn serve() -> Server {
    let server = Server::start(FLOWS);
    let go = server.directory().join("go").display().to_string();
    let flows = fs::read_to_string(server.file()).unwrap();
    let mut viewer = Viewer::live(&server);
    fs::write(server.file(), flows.replace("GO-FILE", &go)).unwrap();
    viewer.until("loaded");
    server
}

fn go_on(server: &Server) {
    fs::write(Path::new(server.directory()).join("go"), "").unwrap();
}

/// A step's place, its kind, whether it is over.
fn step(line: &Value) -> (u64, &str, bool) {
    assert_eq!(line["type"], "step", "{line}");
    assert_eq!(line["failed"], false, "{line}");
    (
        line["place"].as_u64().unwrap(),
        line["kind"].as_str().unwrap(),
        !line["took_us"].is_null(),
    )
}

fn view(viewer: &mut Viewer, run: &Value) {
    viewer.ask(&json!({ "type": "view", "id": run }));
}

#[test]
fn a_run_that_is_parked_is_told_from_one_that_waits_for_it_also_to_who_comes_later() {
    let server = Server::start(
        r#"
server { listen "127.0.0.1:0"; }
flow "later" concurrency=1 { webhook "/later"; delay "1h"; }
"#,
    );
    let mut viewer = Viewer::live(&server);
    server.post("/later", "{}");
    let parked = viewer.until("parked").pop().unwrap();
    server.post("/later", "{}");
    let waits = viewer.until("accepted").pop().unwrap();
    let told = Viewer::new(&server).until("live");
    let of = |run: &Value| -> Vec<&Value> {
        let lines = told.iter().filter(|line| line["id"] == run["id"]);
        lines.collect()
    };
    let stands = |run: &Value| of(run).last().unwrap()["type"].clone();
    assert_eq!(
        (stands(&parked), stands(&waits)),
        ("parked".into(), "accepted".into())
    );
    let due = of(&parked).last().unwrap()["due"].clone();
    assert_eq!(due, parked["due"]);
}

#[test]
fn who_looks_at_a_run_is_told_its_steps_up_to_now_and_then_as_they_happen_and_nobody_else_is() {
    let server = serve();
    let mut other = Viewer::live(&server);
    let mut viewer = Viewer::live(&server);
    server.post("/deploy", "{}");
    let run = viewer.until("started").pop().unwrap()["id"].clone();
    view(&mut viewer, &run);
    // It may be looked at before or after these have come to pass.
    let mut last = viewer.next_news().unwrap();
    while step(&last) != (1, "exec", false) {
        last = viewer.next_news().unwrap();
    }
    go_on(&server);
    let lines = viewer.until("run");
    let steps: Vec<_> = lines[..lines.len() - 1].iter().map(step).collect();
    assert_eq!(
        steps,
        [(1, "exec", true), (2, "log", false), (2, "log", true)]
    );
    let told = other.until("run");
    assert!(!types(&told).contains(&"step"), "{told:?}");
}

#[test]
fn the_steps_of_a_flow_that_is_called_are_told_as_they_happen_inside_of_the_call() {
    let server = Server::start(
        r#"
server { listen "127.0.0.1:0"; }
flow "deploy" { webhook "/deploy"; call "notify"; }
flow "notify" {
    input "to" default="ops"
    set kind="slow"
    log "told"
    delay "1h"
}
"#,
    );
    let mut viewer = Viewer::live(&server);
    server.post("/deploy", "{}");
    let run = viewer.until("started").pop().unwrap()["id"].clone();
    view(&mut viewer, &run);
    let mut steps = BTreeMap::new();
    while !steps.contains_key(&3) {
        let line = viewer.next_news().unwrap();
        // Those that end meanwhile are told once more.
        if line["type"] == "step" {
            let told = json!([line["place"], line["flow"], line["kind"], line["caller"]]);
            steps.insert(line["place"].as_u64().unwrap(), told);
        }
    }
    assert_eq!(
        json!(steps.into_values().collect::<Vec<_>>()),
        json!([
            [0, "deploy", "call", null],
            [1, "notify", "set", 0],
            [2, "notify", "log", 0],
            [3, "notify", "delay", 0],
        ])
    );
}

#[test]
fn runs_that_wait_or_are_on_their_way_are_part_of_what_is_told_first() {
    let server = serve();
    let mut before = Viewer::live(&server);
    for _ in 0..3 {
        server.post("/deploy", "{}");
    }
    let accepted: Vec<Value> = (0..3)
        .map(|_| before.until("accepted").pop().unwrap()["id"].clone())
        .collect();
    drop(before);
    // The events of before are in nobody's memory.
    let directory = server.stop("KILL");
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    let mut viewer = Viewer::new(&server);
    let lines = viewer.until("live");
    let told: Vec<_> = lines
        .iter()
        .filter(|line| line["type"] == "accepted" || line["type"] == "started")
        .map(|line| line["id"].clone())
        .collect();
    assert_eq!(told, accepted);
    view(&mut viewer, &accepted[0]);
    go_on(&server);
    for run in accepted {
        assert_eq!(viewer.until("run").pop().unwrap()["record"]["id"], run);
    }
}
