//! The mouse, where somebody wants it.

use vt100::MouseProtocolMode;

use crate::{editing, preferences, terminal::Terminal};

fn wait_for_mode(terminal: &Terminal, mode: MouseProtocolMode) {
    terminal.wait_for("another mode of the mouse", |screen, _| {
        screen.mouse_protocol_mode() == mode
    });
}

#[test]
fn it_is_the_terminals_own_unless_it_is_asked_for() {
    let (_config, terminal) = preferences::start("theme \"dark\"\n");
    terminal.wait_text("● serving");
    assert!(terminal.look(|screen| screen.mouse_protocol_mode() == MouseProtocolMode::None));
}

#[test]
fn a_click_is_heard_and_the_terminal_has_its_mouse_back_on_every_way_out() {
    let (_config, mut terminal) = preferences::start("mouse #true\n");
    let screen = terminal.wait_text("2 Flows");
    wait_for_mode(&terminal, MouseProtocolMode::PressRelease);
    let header = screen.lines().next().unwrap();
    let column = header[..header.find("2 Flows").unwrap()].chars().count() + 1;
    terminal.press(&format!("\x1b[<0;{column};1M\x1b[<0;{column};1m"));
    terminal.wait_text("[2 Flows]");
    terminal.press("q");
    terminal.wait_text("quit? y/n");
    terminal.press("y");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
    let (_config, terminal) = preferences::start("mouse #true\n");
    wait_for_mode(&terminal, MouseProtocolMode::PressRelease);
    terminal.signal("TERM");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}

#[test]
fn an_editor_has_the_terminal_with_its_own_mouse() {
    let mut terminal = editing::start("echo the editor >/dev/tty; read line </dev/tty");
    terminal.press(":mouse\r");
    wait_for_mode(&terminal, MouseProtocolMode::PressRelease);
    terminal.press("E");
    terminal.wait_text("the editor");
    wait_for_mode(&terminal, MouseProtocolMode::None);
    terminal.press("\n");
    wait_for_mode(&terminal, MouseProtocolMode::PressRelease);
    terminal.press(":mouse\r");
    wait_for_mode(&terminal, MouseProtocolMode::None);
}
