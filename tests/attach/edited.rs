//! Requests that a viewer made of old ones.

use serde_json::{Value, json};

use crate::{
    questions::after_a_run,
    support::{Server, stdout},
    viewer::Viewer,
};

const FLOWS: &str = r#"
flow "payment" mode="sync" {
    webhook "/payments" { parse { body "amount" type="number" required=#true; body "password" default=""; }; }
    branch "big order?" {
        when "amount >= 100 and password != 'sesame'" label="big" { respond 200 { body "ok"; }; }
        when "amount >= 10" label="middle" { exec "true"; respond 200; }
        otherwise { respond 422 { body "too small"; }; }
    }
}
flow "refund" mode="sync" {
    webhook "/refunds" { parse { body "amount" type="number" required=#true; }; }
    log "refund {{ amount }}"
}
"#;

struct Desk {
    viewer: Viewer,
    run: String,
    server: Server,
}

impl Desk {
    fn new() -> Self {
        let server = Server::start(FLOWS);
        let mut viewer = Viewer::live(&server);
        let run = after_a_run(&server, &mut viewer);
        Self {
            viewer,
            run,
            server,
        }
    }

    fn ask(&mut self, request: Value, send: bool) -> Value {
        let question = json!({ "type": "try", "id": self.run, "request": request, "send": send });
        self.viewer.ask(&question);
        self.viewer.until("answer").pop().unwrap()
    }

    /// What is answered about a request that is not sent.
    fn tried(&mut self, method: &str, target: &str, body: &str) -> (String, Value) {
        let request = json!({ "method": method, "target": target, "body": body });
        let answer = self.ask(request, false);
        assert_eq!(answer["tried"], *self.run, "{answer}");
        let short = &self.run[self.run.len() - 8..];
        assert_eq!(answer["title"], format!("Dry run of {short}, edited"));
        let text = answer["text"].as_str().unwrap();
        // The revision is a hash of a file with a free port in it.
        let (head, rest) = text.split_once('\n').unwrap();
        let head = match head.split_once("revision ") {
            Some((flow, behind)) => format!(
                "{flow}{}",
                behind.trim_start_matches(|c: char| c.is_ascii_hexdigit())
            ),
            None => head.to_owned(),
        };
        (format!("{head}\n{rest}"), answer["effects"].clone())
    }
}

#[test]
fn an_edited_request_is_walked_without_effects_and_compared_with_what_it_was_made_of() {
    let mut desk = Desk::new();
    for (method, target, body, text, effects) in [
        (
            "POST",
            "/payments",
            r#"{"amount": 300}"#,
            "payment, \n  changed  branch big order? → big\n  same     respond 200\n  path: same, end: same (succeeded)\n",
            json!(["exec true"]),
        ),
        (
            "POST",
            "/payments",
            r#"{"amount": 1}"#,
            "payment, \n  changed  branch big order? → otherwise\n  changed  respond 422\n  path: changed, end: changed (succeeded)\n",
            json!(["exec true"]),
        ),
        (
            "POST",
            "/payments",
            r#"{"amount": 20}"#,
            "payment, \n  changed  branch big order? → middle\n  unknown  exec true\n  path: unknown, end: unknown\n",
            json!(["exec true"]),
        ),
        (
            "POST",
            "/refunds?a=1",
            r#"{"amount": 20}"#,
            "refund,  (was payment)\n  changed  log refund {{ amount }}\n  path: changed, end: changed (succeeded)\n",
            json!([]),
        ),
        (
            "POST",
            "/payments",
            r#"{"amount": "lots"}"#,
            "it would be refused 422 by payment: `amount` must be a number, it is text\n",
            Value::Null,
        ),
        (
            "PUT",
            "/payments",
            "",
            "it would be refused 405: this path does not take the method\n",
            Value::Null,
        ),
        (
            "POST",
            "/nowhere",
            "",
            "it would be refused 404: no flow has this path\n",
            Value::Null,
        ),
        (
            "POST",
            "/payments",
            r#"{"amount": 300, "password": "[redacted]"}"#,
            "payment, \n  unknown  branch big order? → big\n  unknown  respond 200\n  path: unknown, end: unknown\n  not kept, and [redacted] here: the body\n  it cannot be sent: the body has [redacted] in it, which was not kept\n",
            Value::Null,
        ),
    ] {
        assert_eq!(
            desk.tried(method, target, body),
            (text.to_owned(), effects),
            "{method} {target} {body}"
        );
    }
    // Nothing was done by all that.
    assert_eq!(
        desk.server.post("/payments", r#"{"amount": 1}"#).status,
        422
    );
    let runs = desk.viewer.until("run");
    assert_eq!(runs.len(), 1, "{runs:?}");
}

#[test]
fn an_edited_request_is_sent_where_that_is_asked_for_without_what_was_not_kept() {
    let mut desk = Desk::new();
    let request = json!({
        "method": "POST",
        "target": "/payments?token=[redacted]&a=1",
        "headers": [["authorization", "[redacted]"], ["x-a", "1"]],
        "body": r#"{"amount": 1}"#,
    });
    let answer = desk.ask(request, true);
    let text = answer["text"].as_str().unwrap();
    let new = text.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(text, format!("{}, edited, is sent as {new}\n", desk.run));
    let run = desk.viewer.until("run").pop().unwrap();
    let record = &run["record"];
    assert_eq!(record["id"], new);
    assert_eq!(record["replay_of"], *desk.run);
    assert_eq!(record["edited"], true);
    let shown = |id: &str| {
        let args = ["runs", "show", id, "--state", "state"];
        stdout(&crate::support::run(&args, desk.server.directory()))
    };
    assert_eq!(
        shown(new).lines().nth(2),
        Some(&*format!("  an edited copy of {}", desk.run))
    );
    assert_eq!(
        shown(&desk.run).lines().nth(2),
        Some(&*format!("  replayed as {new}"))
    );
    assert_eq!(record["taken"][0]["arm"], "otherwise");
    assert_eq!(record["request"]["target"], "/payments?a=1");
    assert_eq!(record["request"]["headers"], json!([["x-a", "1"]]));
}

#[test]
fn what_cannot_be_sent_is_told_and_a_viewer_that_only_reads_sends_nothing() {
    let mut desk = Desk::new();
    let small =
        |target: &str| json!({ "method": "POST", "target": target, "body": r#"{"amount": 1}"# });
    let short = desk.run[desk.run.len() - 8..].to_owned();
    assert_eq!(
        desk.ask(small("/nowhere"), true)["text"],
        format!("{short} cannot be replayed: it would be refused 404: no flow has this path")
    );
    assert_eq!(
        desk.ask(json!({ "method": "POST" }), false)["text"],
        "the request cannot be read: it has no `target`"
    );
    let hello = json!({ "type": "hello", "protocol": 1, "read_only": true });
    desk.viewer = Viewer::saying(&desk.server, &hello);
    desk.viewer.until("live");
    assert_eq!(
        desk.ask(small("/payments"), true)["text"],
        "this viewer is read-only"
    );
    let answer = desk.ask(small("/payments?a=1"), false);
    let record = &answer["record"];
    assert_ne!(record["id"], *desk.run);
    assert_eq!(record["request"]["target"], "/payments?a=1");
    assert_eq!(record["taken"][0]["arm"], "otherwise");
}
