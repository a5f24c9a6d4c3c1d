//! What somebody has put into a file of their own.

use crate::terminal::{FLOWS, Terminal};

pub fn start(preferences: &str) -> (tempfile::TempDir, Terminal) {
    let config = tempfile::tempdir().unwrap();
    let directory = config.path().join("hookyard");
    std::fs::create_dir(&directory).unwrap();
    std::fs::write(directory.join("dashboard.kdl"), preferences).unwrap();
    let path = config.path().to_owned();
    let terminal = Terminal::start_with(FLOWS, &[], move |command| {
        command.env("XDG_CONFIG_HOME", path);
    });
    (config, terminal)
}

#[test]
fn a_key_of_ones_own_does_what_it_was_given_for_and_the_old_one_nothing() {
    let (_config, mut terminal) = start("glyphs \"ascii\"\nkeys { quit \"Q\"; }\n");
    let screen = terminal.wait_text("Q quit");
    assert!(screen.is_ascii(), "{screen}");
    terminal.press("q?");
    let screen = terminal.wait_text("Keys");
    assert!(!screen.contains("y/n"), "{screen}");
    terminal.press("\x1b");
    terminal.wait("no help any more", |screen| !screen.contains("Keys"));
    terminal.press("Q");
    terminal.wait_text("stop serving and quit? y/n");
}

#[test]
fn a_mistake_in_the_file_is_told_and_the_rest_of_it_holds() {
    let (_config, terminal) = start("theme \"drak\"\nkeys { quit \"Q\"; }\n");
    terminal.wait_text("`theme` is one of `terminal`, `dark`, `light`, `plain`, not \"drak\"");
    assert!(terminal.is_running());
}

#[test]
fn of_several_mistakes_the_first_is_told_and_a_key_shows_all() {
    let (_config, mut terminal) = start("theme \"drak\"\nkeys { quti \"Q\"; freeze \"w\"; }\n");
    terminal.wait_text("and 2 more: ! shows them");
    // What is open when the file is loaded is closed by that.
    terminal.wait_text("● serving");
    terminal.press("!");
    let screen = terminal.wait_text("What is wrong");
    for told in [
        "`theme` is one of",
        "no key does `quti`",
        "\"w\" is taken from `rerouted`",
    ] {
        assert!(screen.contains(told), "{screen}");
    }
}
