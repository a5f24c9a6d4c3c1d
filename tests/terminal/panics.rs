//! A dashboard that panics takes nothing with it.

use std::{env, io, sync::Arc, thread};

use hookyard::{
    dashboard::{self, Keymap, Options, Source, Theme},
    observe::{Feed, Question, Told},
    run::RunId,
};
use vt100::MouseProtocolMode;

use crate::terminal::Terminal;

/// A feed that breaks when it is asked something.
struct Broken;

impl Feed for Broken {
    fn try_next(&self) -> Option<Told> {
        None
    }

    fn ask(&self, _: Question) -> bool {
        panic!("the feed is broken")
    }

    fn view(&self, _: Option<RunId>) {}
}

/// Set in the process that has the dashboard: the same test once more, in a terminal.
const INSIDE: &str = "HAS_A_DASHBOARD_THAT_PANICS";

/// A dashboard on a thread of its own, as a server has it, until a line is typed.
fn dashboard() {
    let dashboard = thread::spawn(|| {
        dashboard::run(Options {
            feed: Box::new(Broken),
            source: Source::Live,
            read_only: false,
            file: "flows.kdl".to_owned(),
            theme: Theme::default(),
            keymap: Keymap::default(),
            mouse: true,
            complaint: None,
            in_tmux: false,
            lent: Arc::default(),
            stop: Arc::default(),
            continued: Arc::default(),
        })
    });
    let came = match dashboard.join() {
        Ok(_) => "it was left",
        Err(_) => "its thread panicked, and this one goes on",
    };
    println!("{came}");
    io::stdin().read_line(&mut String::new()).unwrap();
}

#[test]
fn a_panic_of_the_dashboard_gives_the_terminal_and_its_mouse_back_and_ends_its_thread_alone() {
    if env::var_os(INSIDE).is_some() {
        return dashboard();
    }
    let mut terminal = Terminal::of(
        env::current_exe().unwrap().to_str().unwrap(),
        tempfile::tempdir().unwrap(),
        &["panics::", "--nocapture"],
        |command| command.env(INSIDE, ""),
    );
    terminal.wait_for("the mouse and the alternate screen", |screen, _| {
        screen.alternate_screen()
            && screen.mouse_protocol_mode() == MouseProtocolMode::PressRelease
            && screen.contents().contains("? help")
    });
    terminal.press("x");
    let screen = terminal.wait_text("its thread panicked, and this one goes on");
    assert!(screen.contains("the feed is broken"), "{screen}");
    terminal.assert_given_back();
    terminal.press("\n");
    assert_eq!(terminal.wait_for_end(), 0);
}
