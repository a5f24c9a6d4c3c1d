use std::fs;

use super::{
    leftovers::serve_in,
    support::{hookyard, stdout, with_free_port},
    wait_for_file, wait_until_dead,
};

/// Answers when it has noted that it came so far; the program below is done with the second try.
const FLOWS: &str = r#"
flow "run" mode="sync" {
    webhook "/" { parse { body "a" as="a" required=#true; }; }
    exec "sh" "-c" "echo before >> noted"
    set b="{{ a }} and more"
    respond 201 then="continue" { body "{{ b }}"; }
    exec "sh" "try.sh"
    log "the rest of {{ b }}"
}
"#;

#[test]
fn the_rest_of_a_flow_that_has_answered_outlives_a_killed_server() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let script = "[ -e first ] && exit 0\necho $$ > first\nsleep 60 & wait\n";
    fs::write(directory.join("flows.kdl"), with_free_port(FLOWS)).unwrap();
    fs::write(directory.join("try.sh"), script).unwrap();
    let mut server = serve_in(directory);
    let answer = server.post("/", r#"{"a": "A-1"}"#);
    assert_eq!((answer.status, &*answer.body), (201, "A-1 and more"));
    let first = wait_for_file(directory, "first");
    server.signal("KILL");
    server.wait();
    let server = serve_in(directory);
    server.wait_for_line(|line| line["message"] == "the rest of A-1 and more");
    wait_until_dead(&first);
    assert_eq!(
        fs::read_to_string(directory.join("noted")).unwrap(),
        "before\n"
    );
    server.wait_for_line(|line| line["outcome"] == "succeeded");
    let show = hookyard()
        .args(["runs", "--json", "--state", "state"])
        .current_dir(directory)
        .output()
        .unwrap();
    // The run that answered went with its process; the other one names it.
    let runs = stdout(&show);
    let [run] = &runs.lines().collect::<Vec<_>>()[..] else {
        panic!("one run has ended: {runs}");
    };
    let run: serde_json::Value = serde_json::from_str(run).unwrap();
    let show = hookyard()
        .args([
            "runs",
            "show",
            run["id"].as_str().unwrap(),
            "--json",
            "--state",
            "state",
        ])
        .current_dir(directory)
        .output()
        .unwrap();
    let record: serde_json::Value = serde_json::from_str(&stdout(&show)).unwrap();
    assert!(record["continues"].is_string(), "{record:#}");
    assert_eq!(
        (&record["response"]["status"], &record["steps"][0]["title"]),
        (&201.into(), &"sh try.sh".into())
    );
}
