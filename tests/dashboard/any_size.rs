//! It draws whatever it heard at whatever size, and never panics.

use crossterm::event::{Event as TerminalEvent, KeyCode, KeyEvent, KeyModifiers};
use hookyard::event::Event;
use proptest::prelude::*;

use crate::{
    fixtures::{
        accepted, counts, deployed, finished, loaded, paid, rejected, rerouted, stray, tally,
        undecided,
    },
    screen::Screen,
};

#[derive(Clone, Debug)]
enum Happening {
    Heard(u8, u64),
    Pressed(KeyCode, bool),
    Resized(u16, u16),
}

fn event(kind: u8, number: u64) -> Event {
    match kind {
        0 => loaded(),
        1 => rejected(),
        2 => accepted(number),
        3 => finished(deployed(number)),
        4 => finished(stray(number, "/価格?x=%1b")),
        5 => finished(undecided(number)),
        6 => tally(number * 100),
        7 => Event::Draining,
        8 => Event::Notice("something happened\x1b[2J".into()),
        9 => {
            let mut record = paid(number, 250);
            record.detailed = false;
            record.steps.clear();
            finished(record)
        }
        10 => {
            // Ids that no shape knows.
            let mut record = paid(number, 250);
            record.steps[0].step = 99;
            record.taken[0].step = 98;
            record.variables.clear();
            finished(record)
        }
        11 => counts(),
        12 => rerouted(),
        _ => finished(paid(number, number as i64 - 30)),
    }
}

fn happening() -> impl Strategy<Value = Happening> {
    let key = prop_oneof![
        8 => prop::sample::select("jkgGhlfeuyc!?q/ 1234567JKnNzvw:x|4é価[]+aaCYboptmdRD".chars().collect::<Vec<_>>())
            .prop_map(KeyCode::Char),
        4 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::PageDown,
            KeyCode::PageUp, KeyCode::Home, KeyCode::End, KeyCode::Backspace, KeyCode::F(1),
            KeyCode::F(6), KeyCode::F(7), KeyCode::F(8),
        ]),
    ];
    prop_oneof![
        4 => (0..15u8, 0..60u64).prop_map(|(kind, number)| Happening::Heard(kind, number)),
        8 => (key, prop::bool::weighted(0.05)).prop_map(|(key, ctrl)| Happening::Pressed(key, ctrl)),
        2 => (0..160u16, 0..50u16).prop_map(|(width, height)| Happening::Resized(width, height)),
        2 => (0..24u16, 0..8u16).prop_map(|(width, height)| Happening::Resized(width, height)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn nothing_makes_it_panic(happenings in prop::collection::vec(happening(), 1..40)) {
        let mut screen = Screen::new(80, 24);
        for happening in happenings {
            screen.seconds += 1;
            match happening {
                Happening::Heard(kind, number) => {
                    screen.hear([event(kind, number)]);
                }
                Happening::Pressed(code, ctrl) => {
                    let modifiers = if ctrl { KeyModifiers::CONTROL } else { KeyModifiers::NONE };
                    screen.send(&TerminalEvent::Key(KeyEvent::new(code, modifiers)));
                }
                Happening::Resized(width, height) => {
                    screen.terminal.backend_mut().resize(width, height);
                    screen.draw();
                }
            }
        }
    }
}
