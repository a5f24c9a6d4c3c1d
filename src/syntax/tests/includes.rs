//! Configurations of several files.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::Report;
use crate::syntax::{Files, Tree, read};

struct Map(BTreeMap<PathBuf, &'static str>);

impl Files for Map {
    fn read(&self, path: &Path) -> io::Result<String> {
        match self.0.get(path) {
            Some(&"\u{fffd}") => Err(io::ErrorKind::InvalidData.into()),
            Some(text) => Ok((*text).to_owned()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        let pattern = pattern.to_string_lossy();
        let (before, after) = pattern.split_once('*').unwrap();
        Ok(self
            .0
            .keys()
            .filter(|path| {
                let path = path.to_string_lossy();
                path.strip_prefix(before)
                    .and_then(|rest| rest.strip_suffix(after))
                    .is_some_and(|middle| !middle.contains('/'))
            })
            .cloned()
            .collect())
    }
}

fn reading(files: &[(&str, &'static str)]) -> (Tree, Vec<String>) {
    let map = Map(files
        .iter()
        .map(|(path, text)| (PathBuf::from(path), *text))
        .collect());
    let mut report = Report::new();
    let tree = read(Path::new(files[0].0), &map, &mut report);
    report.sort();
    (tree, report.lines())
}

fn names(tree: &Tree) -> Vec<&str> {
    tree.nodes
        .iter()
        .map(|node| node.name.text.as_str())
        .collect()
}

fn paths(paths: &[PathBuf]) -> Vec<String> {
    paths
        .iter()
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn included_nodes_stand_in_the_place_of_the_include() {
    let (tree, lines) = reading(&[
        ("etc/flows.kdl", "a\ninclude \"flows/*.kdl\"\nd\n"),
        ("etc/flows/1.kdl", "b\ninclude \"../more.kdl\"\n"),
        ("etc/flows/2.kdl", "c\n"),
        ("etc/more.kdl", "more\n"),
    ]);
    assert_eq!(lines, [""; 0]);
    assert_eq!(names(&tree), ["a", "b", "more", "c", "d"]);
    assert_eq!(paths(&tree.watched_dirs), ["etc/flows", "etc"]);
    assert!(tree.complete);
}

#[test]
fn spans_point_into_the_file_they_are_about_and_all_files_are_told_of_at_once() {
    let (tree, lines) = reading(&[
        ("flows.kdl", "flow timeout=10s\ninclude \"flows/*.kdl\"\n"),
        ("flows/1.kdl", "flow \"x\n"),
        ("flows/2.kdl", "\nflow true\n"),
        ("flows/3.kdl", "\u{fffd}"),
    ]);
    assert_eq!(
        lines,
        [
            r#"flows.kdl:1:14: error: `10s` is neither a number nor text (write `"10s"`)"#,
            "flows.kdl:2:9: error: `flows/3.kdl` is not UTF-8 text",
            r#"flows/1.kdl:1:6: error: this text is not closed (close it with `"` on the same line)"#,
            r#"flows/2.kdl:2:6: error: `true` is written `#true` (write `#true`, or `"true"` if it is text)"#,
        ]
    );
    assert_eq!(names(&tree), ["flow", "flow"]);
    assert!(!tree.complete);
}

#[test]
fn a_file_that_is_missing_is_an_error_and_is_watched() {
    let (tree, lines) = reading(&[("flows.kdl", "a\ninclude \"flows/x.kdl\"\n")]);
    assert_eq!(
        lines,
        ["flows.kdl:2:9: error: there is no file `flows/x.kdl`"]
    );
    assert_eq!(paths(&tree.watched_dirs), ["flows"]);
    assert!(!tree.complete);
}

#[test]
fn a_pattern_that_matches_nothing_is_a_warning() {
    let (tree, lines) = reading(&[("flows.kdl", "a\ninclude \"flows/*.kdl\"\n")]);
    assert_eq!(
        lines,
        ["flows.kdl:2:9: warning: `flows/*.kdl` matches no file"]
    );
    assert_eq!(paths(&tree.watched_dirs), ["flows"]);
}

#[test]
fn a_pattern_passes_over_the_file_it_stands_in() {
    let (tree, lines) = reading(&[("flows.kdl", "a\ninclude \"*.kdl\"\n"), ("more.kdl", "b\n")]);
    assert_eq!(lines, [""; 0]);
    assert_eq!(names(&tree), ["a", "b"]);
    assert_eq!(paths(&tree.watched_dirs), ["."]);
}

#[test]
fn files_that_include_each_other_are_told_the_way_round() {
    let (_, lines) = reading(&[
        ("flows.kdl", "include \"b.kdl\"\n"),
        ("b.kdl", "include \"c.kdl\"\n"),
        ("c.kdl", "include \"flows.kdl\"\ninclude \"./c.kdl\"\n"),
    ]);
    assert_eq!(
        lines,
        [
            "c.kdl:1:9: error: `flows.kdl` includes itself (by way of `flows.kdl`, `b.kdl`, `c.kdl` and back)",
            "c.kdl:2:9: error: `c.kdl` includes itself (by way of `c.kdl` and back)",
        ]
    );
}

#[test]
fn a_file_included_twice_is_an_error() {
    let (_, lines) = reading(&[
        ("flows.kdl", "include \"b.kdl\"\ninclude \"*.kdl\"\n"),
        ("b.kdl", "b\n"),
    ]);
    assert_eq!(lines, ["flows.kdl:2:9: error: `b.kdl` is included twice",]);
}

#[test]
fn an_include_is_checked_like_any_node() {
    let (_, lines) = reading(&[(
        "flows.kdl",
        "include\ninclude 5\ninclude \"\"\ninclude (env)\"x\"\ninclude \"a\" \"b\" c=1\n",
    )]);
    assert_eq!(
        lines,
        [
            r#"flows.kdl:1:1: error: `include` needs the path of a file, like `"flows/*.kdl"`"#,
            "flows.kdl:2:9: error: `include` needs a path in quotes, not an integer",
            "flows.kdl:3:9: error: `include` needs the path of a file",
            "flows.kdl:4:10: error: a path takes no annotation like `(env)`",
            "flows.kdl:4:14: error: there is no file `x`",
            "flows.kdl:5:9: error: there is no file `a`",
            "flows.kdl:5:13: error: `include` takes only one value",
            "flows.kdl:5:17: error: `include` has no property `c` (`include` takes no properties)",
        ]
    );
}

#[test]
fn an_entry_that_cannot_be_read_is_an_error_without_a_place() {
    let (_, lines) = reading(&[("flows.kdl", "\u{fffd}")]);
    assert_eq!(lines, ["error: `flows.kdl` is not UTF-8 text"]);
}
