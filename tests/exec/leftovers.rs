use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    os::unix::process::{CommandExt, ExitStatusExt},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::{Instant, SystemTime},
};

use hookyard::{
    app,
    engine::{self, Ended, Input, Journal, Means, Pending},
    event::Detail,
    graph::Flow,
    run::{Outcome, Peer, Request, RunId, Value},
    syntax::Files,
};
use serde_json::json;

use super::{
    support::{Server, hookyard, request, with_free_port},
    wait_for_file, wait_until_dead,
};

struct OneFile(String);

impl Files for OneFile {
    fn read(&self, _: &Path) -> io::Result<String> {
        Ok(self.0.clone())
    }

    fn glob(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

/// A journal that was kept in an earlier life of the run, and what is kept in this one.
#[derive(Default)]
struct Kept {
    before: BTreeMap<String, Value>,
    now: Mutex<BTreeMap<String, Value>>,
}

impl Journal for Kept {
    fn recall(&self, key: &str) -> Option<Value> {
        self.before.get(key).cloned()
    }

    fn keep(&self, key: String, value: Value) -> Pending<'_> {
        self.now.lock().unwrap().insert(key, value);
        Box::pin(std::future::ready(()))
    }

    fn is_behind(&self) -> bool {
        false
    }

    fn is_kept(&self) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn cancelled(&self) -> Pending<'_> {
        Box::pin(std::future::pending())
    }
}

fn flow(step: &str) -> Arc<Flow> {
    let text = format!("flow \"run\" {{\n    webhook \"/\"\n    {step}\n}}\n");
    let file = Path::new("flows.kdl");
    let mut loaded = app::load(file, &OneFile(text));
    match app::assemble(&mut loaded, file, b"a secret of this installation") {
        Some(assembled) => Arc::clone(&assembled.compile("http://localhost".to_owned()).flows[0]),
        None => panic!("{:?}", loaded.report.lines()),
    }
}

/// Walks the run; its outcome, and its one variable.
async fn walk(flow: &Flow, journal: &Kept) -> (Outcome, Option<Value>) {
    let now = SystemTime::now();
    let input = Input {
        id: RunId::new(now),
        revision: "r".into(),
        request: Request {
            method: http::Method::POST,
            uri: http::Uri::from_static("/"),
            headers: http::HeaderMap::new(),
            body: bytes::Bytes::new(),
            peer: Peer::Unix,
            received: now,
        },
        variables: Vec::new(),
        document: None,
        started: Instant::now(),
        continues: None,
        replay_of: None,
        detail: Detail::Full,
    };
    match engine::resume(flow, input, &Means::default(), journal).await {
        Ended::Finished(mut finished) => (finished.outcome, finished.input.variables.remove(0)),
        Ended::Parked(until) => panic!("it waits until {until:?}"),
    }
}

/// When a process started, as proc_pid_stat(5) tells it.
fn started(process: u32) -> u64 {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    rest.split(' ').nth(19).unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_process_that_outlived_the_server_is_killed_before_its_step_is_taken_again() {
    let mut leftover = Command::new("sleep")
        .arg("60")
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap();
    let (pid, started) = (leftover.id(), started(leftover.id()));
    let process = json!({ "boot": boot.trim_end(), "pid": pid, "started": started });
    let journal = Kept {
        before: BTreeMap::from([("0#process".to_owned(), process)]),
        ..Kept::default()
    };
    let flow = flow(r#"exec "echo" "again" as="out""#);
    let (outcome, out) = walk(&flow, &journal).await;
    assert_eq!(outcome, Outcome::Succeeded);
    assert_eq!(
        out,
        Some(json!({ "code": 0, "stdout": "again\n", "stderr": "", "truncated": false }))
    );
    assert_eq!(leftover.wait().unwrap().signal(), Some(9));
}

#[tokio::test]
async fn the_process_is_kept_while_it_runs_and_what_came_of_it_when_it_ended() {
    // It tells who it is, and when it started: field 22 of proc_pid_stat(5).
    let flow = flow(r#"exec "sh" "-c" "cut -d ' ' -f 1,22 /proc/$$/stat" as="out""#);
    let journal = Kept::default();
    let (_, out) = walk(&flow, &journal).await;
    let now = journal.now.into_inner().unwrap();
    assert_eq!(now.keys().collect::<Vec<_>>(), ["0", "0#process"]);
    assert_eq!(Some(&now["0"]["output"]), out.as_ref());
    let process = &now["0#process"];
    assert_eq!(
        now["0"]["output"]["stdout"],
        json!(format!("{} {}\n", process["pid"], process["started"]))
    );
}

#[tokio::test]
async fn what_came_of_a_program_is_recalled_and_the_program_not_run_again() {
    let output = json!({ "code": 0, "stdout": "then", "stderr": "", "truncated": false });
    let kept = json!({ "attempts": 1, "took_us": 5, "output": output });
    let journal = Kept {
        before: BTreeMap::from([("0".to_owned(), kept)]),
        ..Kept::default()
    };
    let flow = flow(r#"exec "/no/such/program" as="out""#);
    assert_eq!(
        walk(&flow, &journal).await,
        (Outcome::Succeeded, Some(output))
    );
}

/// Serves what is in a directory, and keeps its state there.
pub fn serve_in(directory: &Path) -> Server {
    let mut command = hookyard();
    command
        .args([
            "run",
            "flows.kdl",
            "--log-format",
            "json",
            "--state",
            "state",
        ])
        .current_dir(directory);
    Server::of(command, tempfile::tempdir().unwrap())
}

#[test]
fn a_program_that_outlives_a_killed_server_is_dead_once_the_next_one_has_run_it_again() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let flows = r#"
flow "run" {
    webhook "/"
    exec "sh" "try.sh" { stdin "go\n"; }
    log "it ran"
}
"#;
    // It is given its input once it is kept who it is.
    let script = "read go\n[ -e first ] && exit 0\necho $$ > first\nsleep 60 & wait\n";
    fs::write(directory.join("flows.kdl"), with_free_port(flows)).unwrap();
    fs::write(directory.join("try.sh"), script).unwrap();
    let mut server = serve_in(directory);
    assert_eq!(server.post("/", "").status, 200);
    let first = wait_for_file(directory, "first");
    server.signal("KILL");
    server.wait();
    assert!(fs::metadata(format!("/proc/{}", first.trim())).is_ok());
    // What is noted beside the run may be lost.
    fs::remove_dir_all(directory.join("state/programs")).unwrap();
    let server = serve_in(directory);
    server.wait_for_line(|line| line["message"] == "it ran");
    wait_until_dead(&first);
}

#[test]
fn a_program_of_a_caller_who_waits_is_dead_once_the_next_server_serves() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path();
    let flows = r#"
flow "run" mode="sync" {
    webhook "/"
    // It is given its input once it is noted.
    exec "sh" "-c" "read go; echo $$ > first; sleep 60 & wait" { stdin "go\n"; }
}
flow "short" mode="sync" {
    webhook "/short"
    exec "true"
}
"#;
    fs::write(directory.join("flows.kdl"), with_free_port(flows)).unwrap();
    let mut server = serve_in(directory);
    let mut caller = server.connect();
    caller.write_all(&request("POST", "/", &[], "")).unwrap();
    let first = wait_for_file(directory, "first");
    assert_eq!(server.post("/short", "").status, 200);
    let noted = fs::read_dir(directory.join("state/programs")).unwrap();
    let noted: Vec<_> = noted.map(|note| note.unwrap().file_name()).collect();
    assert_eq!(noted, [first.trim()], "what has ended is noted no more");
    server.signal("KILL");
    server.wait();
    assert!(fs::metadata(format!("/proc/{}", first.trim())).is_ok());
    let server = serve_in(directory);
    wait_until_dead(&first);
    let told = "programs that a killed server had left running were ended: 1";
    server.wait_for_line(|line| line["message"] == told);
    let mut noted = fs::read_dir(directory.join("state/programs")).unwrap();
    assert!(noted.next().is_none(), "nothing runs any more");
}
