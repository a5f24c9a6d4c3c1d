//! What strangers send: it is shown, and obeyed by nothing.

use std::io::Write;

use crate::{
    support,
    terminal::{Terminal, connect},
};

const FLOWS: &str = r#"
flow "echo" mode="sync" {
    webhook "/echo/{name}" {
        accept "text"
        parse {
            path "name"
            header "X-Said" as="said" default=""
            body "text" default=""
        }
    }
    log "said {{ text }}"
    set copy="{{ text }}"
    respond 200 {
        header "X-Said" "{{ name }}"
        body "{{ text }}"
    }
}
"#;

/// Moves the cursor, clears the screen, sets the title, asks the terminal to type, rings.
const EVIL: &str = "\x1b[2J\x1b[H\x1b]0;EVIL\x07\x1b[6n\u{9b}31mEVIL\x1bcEVIL\u{202e}EVIL";

#[test]
fn what_controls_a_terminal_comes_out_as_text() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    let body = serde_json::json!({ "text": EVIL }).to_string();
    let reply = terminal.send(
        address,
        "/echo/%1b%5b2J%1b%5d0;EVIL%07?x=%1b[31mEVIL",
        &[
            ("Content-Type", "application/json"),
            ("X-Said", "\u{9b}31mEVIL\t"),
        ],
        &body,
    );
    assert_ne!(reply.status, 0);
    // No JSON at all, and nothing that any flow has.
    let mut stream = connect(address);
    let head = "POST /echo/x\u{9b}31mEVIL HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Content-Type: text/plain\r\n";
    let length = EVIL.len();
    stream
        .write_all(format!("{head}Content-Length: {length}\r\n\r\n{EVIL}").as_bytes())
        .unwrap();
    support::read_reply(&mut stream);
    terminal.send(address, "/%1b]0;EVIL%07/EVIL", &[], EVIL);
    terminal.wait("the last of them", |screen| {
        screen.contains("404") || screen.contains("400")
    });
    for _ in 0..4 {
        for tab in "1234567".chars() {
            terminal.press(&tab.to_string());
            terminal.wait("its tab", |screen| {
                let title = [
                    "Steps",
                    "Variables",
                    "Request",
                    "Response",
                    "Why",
                    "Flow",
                    "Raw",
                ][tab as usize - '1' as usize];
                screen.contains(&format!("[{title}]"))
                    || screen.contains(&format!("[{tab} {title}]"))
            });
        }
        terminal.press("k");
    }
    terminal.press("g1");
    let screen = terminal.wait("the neutral text", |screen| screen.contains("said ␛[2J"));
    assert!(screen.contains("EVIL"), "{screen}");
    let raw = String::from_utf8_lossy(&terminal.raw()).into_owned();
    for harm in [
        "\x1b]0;",
        "\x07",
        "\x1b[6n",
        "\u{9b}",
        "\x1bc",
        "\u{202e}",
        "\x1b[31mEVIL",
    ] {
        assert!(!raw.contains(harm), "{harm:?} reached the terminal");
    }
}
