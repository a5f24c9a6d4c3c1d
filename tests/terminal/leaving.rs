//! The ways out: each gives the terminal back as it was.

use crate::terminal::{FLOWS, Terminal};

#[test]
fn quitting_asks_and_yes_ends_it_with_the_terminal_as_it_was() {
    let mut terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    terminal.press("q");
    terminal.wait_text("stop serving and quit? y/n");
    terminal.press("y");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
    // What the server still had to say is in the terminal's own scroll, above the prompt.
    let screen = terminal.wait_text("stopped");
    assert!(!screen.contains("No request yet"), "{screen}");
}

#[test]
fn no_stays() {
    let mut terminal = Terminal::start(FLOWS);
    let address = terminal.address();
    for no in ["n", "\x1b", "q"] {
        terminal.press("q");
        terminal.wait_text("quit? y/n");
        terminal.press(no);
        terminal.wait("no question any more", |screen| {
            !screen.contains("quit? y/n")
        });
    }
    assert_eq!(terminal.post(address, "/deploy", "{}").status, 200);
    assert!(terminal.is_running());
}

#[test]
fn an_interrupt_asks_and_a_second_one_is_a_yes() {
    let mut terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    terminal.press("\x03");
    terminal.wait_text("quit? y/n");
    terminal.press("\x03");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}

#[test]
fn a_pasted_yes_is_no_answer() {
    let mut terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    terminal.press("\x1b[200~qy\x1b[201~");
    terminal.press("?");
    terminal.wait_text("Keys");
    assert!(terminal.is_running());
}

#[test]
fn a_signal_ends_it_with_the_terminal_as_it_was() {
    for signal in ["TERM", "INT"] {
        let terminal = Terminal::start(FLOWS);
        terminal.wait_text("No request yet");
        terminal.signal(signal);
        assert_eq!(terminal.wait_for_end(), 0);
        terminal.assert_given_back();
    }
}

#[test]
fn a_signal_while_the_terminal_is_taken_over_never_leaves_it_so() {
    // At whatever moment of the start it comes.
    for attempt in 0..8 {
        let terminal = Terminal::start(FLOWS);
        if attempt % 2 == 0 {
            terminal.wait_for("the alternate screen", |screen, _| {
                screen.alternate_screen()
            });
        } else {
            crate::terminal::until("other modes", || terminal.is_taken_over());
        }
        terminal.signal("TERM");
        assert_eq!(terminal.wait_for_end(), 0);
        terminal.assert_given_back();
    }
}

#[test]
fn a_hang_up_signal_reads_the_file_again_and_stays() {
    let terminal = Terminal::start(FLOWS);
    terminal.wait_text("No request yet");
    terminal.signal("HUP");
    terminal.wait_text("is live");
    assert!(terminal.is_running());
}
