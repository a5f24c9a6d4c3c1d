//! A file that is cut short at any byte, on the loader alone: no disk and no time.

use std::{
    cell::RefCell,
    io,
    path::{Path, PathBuf},
};

use hookyard::{
    app::{Loader, Look},
    graph::Graph,
    syntax::Files,
};

const FLOWS: &str = r#"server { listen "127.0.0.1:0"; }
// The first of them
flow "paid" mode="sync" timeout="5s" {
    webhook "/paid" { parse { body "order.id" as="order" required=#true } }
    branch "known?" {
        when "order == 'ä'" { respond 201 { json { order "{{ order }}"; "ok" #true } } }
        otherwise { respond 202 { body "{{ order }}" } }
    }
}
flow "queued" mode="async" {
    webhook "/queued" { methods "PUT"; respond 202 { body "queued" } }
    log "done"
}
flow "last" mode="sync" { webhook "/last"; respond 200 { body "last" }; }
"#;

/// One file, whose content can be changed while it is read.
struct Changing(RefCell<Vec<u8>>);

impl Changing {
    fn to(text: impl AsRef<[u8]>) -> Self {
        Self(RefCell::new(text.as_ref().to_vec()))
    }

    fn set(&self, text: impl AsRef<[u8]>) {
        *self.0.borrow_mut() = text.as_ref().to_vec();
    }
}

impl Files for Changing {
    fn read(&self, _: &Path) -> io::Result<String> {
        String::from_utf8(self.0.borrow().clone())
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    fn glob(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

fn loader() -> Loader {
    Loader::new(Path::new("flows.kdl"), vec![7; 32])
}

/// A loader that has seen the whole file.
fn settled() -> Loader {
    let mut loader = loader();
    let look = loader.look(&Changing::to(FLOWS), || {});
    assert!(matches!(look, Look::Sound(..)), "{look:?}");
    loader
}

fn graph(look: Look) -> Graph {
    match look {
        Look::Sound(assembled, _) => assembled.compile("http://localhost".to_owned()),
        other => panic!("it should be sound: {other:?}"),
    }
}

#[test]
fn cut_at_any_byte_and_completed_while_it_is_read_it_is_the_whole_or_nothing_new() {
    for cut in 0..FLOWS.len() {
        let files = Changing::to(&FLOWS.as_bytes()[..cut]);
        let complete = || files.set(FLOWS);
        let look = settled().look(&files, complete);
        assert!(matches!(look, Look::Unchanged), "cut at {cut}: {look:?}");
        files.set(&FLOWS.as_bytes()[..cut]);
        let whole = graph(loader().look(&files, complete));
        assert_eq!(whole.flows.len(), 3, "cut at {cut}");
    }
}

#[test]
fn written_byte_by_byte_it_is_never_taken_for_whole_before_it_is() {
    for step in [1, 7, 40, 200] {
        let files = Changing::to("");
        let written = RefCell::new(0);
        let grow = || {
            let mut written = written.borrow_mut();
            *written = FLOWS.len().min(*written + step);
            files.set(&FLOWS.as_bytes()[..*written]);
        };
        let mut loader = loader();
        let look = loop {
            match loader.look(&files, grow) {
                Look::Unstable => {}
                look => break look,
            }
        };
        assert_eq!(*written.borrow(), FLOWS.len());
        assert_eq!(graph(look).flows.len(), 3);
    }
}

#[test]
fn cut_at_any_byte_and_left_so_it_is_broken_or_a_remainder_of_whole_flows() {
    let whole = graph(loader().look(&Changing::to(FLOWS), || {}));
    let mut remainders = 0;
    for cut in 0..FLOWS.len() {
        let files = Changing::to(&FLOWS.as_bytes()[..cut]);
        let mut loader = settled();
        match loader.look(&files, || {}) {
            Look::Broken(report) => assert!(report.has_errors(), "cut at {cut}"),
            look @ Look::Sound(..) => {
                let rest = graph(look);
                for (flow, of_whole) in rest.flows.iter().zip(&whole.flows) {
                    assert_eq!(
                        format!("{:?}", flow.shape),
                        format!("{:?}", of_whole.shape),
                        "cut at {cut}"
                    );
                }
                remainders += 1;
            }
            other => panic!("cut at {cut}: {other:?}"),
        }
        // Whatever it was, it is told once.
        assert!(matches!(loader.look(&files, || {}), Look::Unchanged));
        // The whole is something new again.
        files.set(FLOWS);
        assert_eq!(graph(loader.look(&files, || {})).revision, whole.revision);
    }
    assert!(remainders > 0);
}

#[test]
fn a_file_that_never_stands_still_is_left_for_later() {
    let files = Changing::to("");
    let count = RefCell::new(0);
    let mut loader = settled();
    let look = loader.look(&files, || {
        *count.borrow_mut() += 1;
        files.set(format!("// {}", count.borrow()));
    });
    assert!(matches!(look, Look::Unstable));
    files.set(FLOWS);
    assert!(matches!(loader.look(&files, || {}), Look::Unchanged));
}

#[test]
fn what_was_forgotten_is_new_again() {
    let files = Changing::to(FLOWS);
    let mut loader = settled();
    assert!(matches!(loader.look(&files, || {}), Look::Unchanged));
    loader.forget();
    assert!(matches!(loader.look(&files, || {}), Look::Sound(..)));
}
