//! Passwords that are sent, right or wrong, are nowhere to be read.

use base64::{Engine, prelude::BASE64_STANDARD};

use crate::{
    support::Server,
    terminal::{Terminal, until},
};

const FLOWS: &str = r#"
flow "payment" mode="sync" {
    webhook "/payments" {
        auth { basic user="shop" password="right-horse"; }
        parse { body "amount" type="number"; }
    }
    branch "any?" {
        when "amount is defined" { respond 200 { json { got "{{ request.headers }}"; }; }; }
        otherwise { respond 200; }
    }
}
"#;

const PASSWORDS: [&str; 2] = ["right-horse", "wrong-battery"];

fn credentials(password: &str) -> String {
    BASE64_STANDARD.encode(format!("shop:{password}"))
}

fn assert_silent(said: &str) {
    for password in PASSWORDS {
        assert!(!said.contains(password), "{password} is told");
        let encoded = credentials(password);
        assert!(!said.contains(&encoded), "{encoded} is told");
    }
}

#[test]
fn no_password_is_on_the_screen_whatever_is_looked_at() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    for (password, status) in PASSWORDS.into_iter().zip([200, 401]) {
        let header = format!("Basic {}", credentials(password));
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", &*header),
        ];
        let reply = terminal.send(address, "/payments", &headers, r#"{"amount": 1}"#);
        assert_eq!(reply.status, status);
        assert!(!reply.body.contains(password));
    }
    terminal.wait("both rows", |screen| {
        screen.contains("401") && screen.contains("200")
    });
    for _ in 0..2 {
        for (tab, title) in [
            "Steps",
            "Variables",
            "Request",
            "Response",
            "Why",
            "Flow",
            "Raw",
        ]
        .into_iter()
        .enumerate()
        {
            terminal.press(&(tab + 1).to_string());
            terminal.wait("its tab", |screen| {
                screen.contains(&format!("[{title}]"))
                    || screen.contains(&format!("[{} {title}]", tab + 1))
            });
            // To its end, past whatever does not fit.
            terminal.press("JJJJJJJJJJJJJJJJJJJJ");
        }
        terminal.press("k");
    }
    // An error in the very line of the password, and what is said of it.
    let file = terminal.directory().join("flows.kdl");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("user=", "usr=")).unwrap();
    terminal.wait_text("is broken");
    terminal.press("!");
    terminal.wait_text("What is wrong");
    terminal.press("u");
    terminal.wait_text("─ Flows");
    assert_silent(&String::from_utf8_lossy(&terminal.raw()));
}

#[test]
fn no_password_is_in_the_log() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(
        directory.path().join("flows.kdl"),
        crate::support::with_free_port(FLOWS),
    )
    .unwrap();
    let said = directory.path().join("said");
    let file = std::fs::File::create(&said).unwrap();
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| {
        command.stderr(file).env("HOOKYARD_LOG", "trace")
    });
    for (password, status) in PASSWORDS.into_iter().zip([200, 401]) {
        let header = format!("Basic {}", credentials(password));
        let headers = [
            ("Content-Type", "application/json"),
            ("Authorization", &*header),
        ];
        let reply = server.request("POST", "/payments", &headers, r#"{"amount": 1}"#);
        assert_eq!(reply.status, status);
        let line = server.wait_for_line(|line| line["status"] == status);
        assert_silent(&line.to_string());
    }
    let text = std::fs::read_to_string(server.file()).unwrap();
    std::fs::write(server.file(), text.replace("user=", "usr=")).unwrap();
    let line = server.wait_for_rejection();
    assert_silent(&line.to_string());
    let line = server.wait_for_line(|line| line["level"] == "ERROR");
    assert_silent(&line.to_string());
    until("nothing else was said", || {
        assert_silent(&std::fs::read_to_string(&said).unwrap());
        true
    });
}
