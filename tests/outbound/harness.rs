use std::{fs, path::Path};

use crate::support::{Reply, Server, with_free_port};

/// A flow that takes one step, and answers with the variable `answer`, or with why it failed.
pub struct Flow<'f> {
    /// What `outbound` allows.
    pub allow: &'f str,
    /// The step.
    pub step: &'f str,
    /// The environment of the server.
    pub environment: &'f [(&'f str, &'f str)],
}

impl Flow<'_> {
    /// A server of the flow.
    pub fn serve(&self) -> Server {
        let allow = match self.allow {
            "" => String::new(),
            list => format!("outbound {{ allow {list}; }}"),
        };
        let text = format!(
            r#"
server {{
    {allow}
}}
secrets {{ token "s3cret token"; user "shop"; split "a\r\nX-Injected: yes"; awkward "top\"secret/välue"; pin "271828"; }}
flow "ask" mode="sync" timeout="1m" {{
    webhook "/ask" {{ parse {{ body "x" type="string" default="plain"; body "n" default=5; }}; }}
    set answer="none"
    {}
    respond 200 {{ json {{ run "{{{{ run.id }}}}"; answer "{{{{ answer }}}}"; }}; }}
    on-error {{ respond 502 {{ body "{{{{ error.message }}}}"; }}; }}
}}
"#,
            self.step
        );
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("flows.kdl");
        fs::write(file, with_free_port(&text)).expect("flows.kdl is written");
        Server::start_in(directory, Path::new("flows.kdl"), |command| {
            command
                .envs(self.environment.iter().copied())
                // Where it is taken for its word, every test fails.
                .env("http_proxy", "http://127.0.0.1:1")
                .env("HTTPS_PROXY", "http://127.0.0.1:1")
        })
    }

    /// Serves the flow and runs it once with a body.
    pub fn ask(&self, body: &str) -> Reply {
        self.serve().post("/ask", body)
    }
}

/// What comes of one step that may reach this machine.
pub fn ask(step: &str) -> Reply {
    let allow = r#""127.0.0.1""#;
    flow(allow, step).ask("{}")
}

/// A flow of one step.
pub fn flow<'f>(allow: &'f str, step: &'f str) -> Flow<'f> {
    Flow {
        allow,
        step,
        environment: &[],
    }
}

/// Checks that a step failed, and the whole of what it said.
#[track_caller]
pub fn failed(reply: &Reply, message: &str) {
    assert_eq!((reply.status, &*reply.body), (502, message));
}
