use std::fs;

use super::{
    leftovers::serve_in,
    support::{hookyard, stdout, with_free_port},
    wait_for_file, wait_until_dead,
};

/// The program in the midst of the called flow is done with the second try.
const FLOWS: &str = r#"
flow "run" {
    webhook "/" { parse { body "a" as="a" required=#true; }; }
    call "work" as="done" { with what="{{ a }}"; }
    log "{{ done }}"
}
flow "work" {
    input "what" required=#true
    exec "sh" "-c" "echo before >> noted"
    exec "sh" "try.sh"
    exec "sh" "-c" "echo after >> noted"
    output "{{ what }} is done"
}
"#;

#[test]
fn a_run_that_was_killed_within_a_called_flow_goes_on_there() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let script = "[ -e first ] && exit 0\necho $$ > first\nsleep 60 & wait\n";
    fs::write(directory.join("flows.kdl"), with_free_port(FLOWS)).unwrap();
    fs::write(directory.join("try.sh"), script).unwrap();
    let mut server = serve_in(directory);
    assert_eq!(server.post("/", r#"{"a": "A-1"}"#).status, 200);
    let first = wait_for_file(directory, "first");
    server.signal("KILL");
    server.wait();
    let server = serve_in(directory);
    server.wait_for_line(|line| line["message"] == "A-1 is done");
    wait_until_dead(&first);
    assert_eq!(
        fs::read_to_string(directory.join("noted")).unwrap(),
        "before\nafter\n"
    );
    let line = server.wait_for_line(|line| line["outcome"] == "succeeded");
    let command = |args: &[&str]| {
        let output = hookyard()
            .args(args)
            .args(["--state", "state"])
            .current_dir(directory)
            .output()
            .unwrap();
        stdout(&output)
    };
    let id = line["run"].as_str().or(line["id"].as_str()).unwrap();
    let story = command(&["runs", "show", id]);
    let steps: Vec<_> = story
        .split_once("\nsteps\n")
        .unwrap()
        .1
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (at, step) = line.split_once("s ")?;
            let (indent, _) = at.split_once('+')?;
            let (title, _) = step.trim().rsplit_once("  (")?;
            Some(format!("{indent}{title}"))
        })
        .collect();
    assert_eq!(
        steps,
        [
            "  call work",
            "    exec sh -c echo before >> noted",
            "    exec sh try.sh",
            "    exec sh -c echo after >> noted",
            "    output {{ what }} is done",
            "  log {{ done }}",
        ],
        "{story}"
    );
    // A rehearsal finds the answers of the called flow's steps.
    let rehearsed = command(&["replay", "--dry-run", id]);
    assert!(rehearsed.contains("path: same, end: same"), "{rehearsed}");
}
