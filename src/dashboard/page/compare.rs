use std::slice;

use super::{Page, Tone};
use crate::{
    dashboard::{
        compare::{Comparison, Hunk, Part},
        text::{pad, width},
    },
    observe::neutral,
};

/// From how many columns on, the two stand side by side.
const BESIDE: usize = 80;

/// So many equal lines are shown before and behind what changed.
const AROUND: usize = 2;

/// Two runs: what is different, and a little of what is around it.
pub fn comparison(two: &Comparison, columns: usize) -> Page {
    let mut page = Page::default();
    let [left, right] = &two.runs;
    changed(
        &mut page,
        slice::from_ref(left),
        slice::from_ref(right),
        columns,
    );
    for part in &two.parts {
        write(&mut page, part, columns);
    }
    page
}

fn write(page: &mut Page, part: &Part, columns: usize) {
    let heading = page.heading(part.title);
    if matches!(&*part.hunks, [] | [Hunk::Same(_)]) {
        heading.put(Tone::Dim, " · the same");
        return;
    }
    let last = part.hunks.len() - 1;
    for (index, hunk) in part.hunks.iter().enumerate() {
        match hunk {
            Hunk::Same(lines) => {
                let before = if index == 0 { 0 } else { AROUND };
                let behind = if index == last { 0 } else { AROUND };
                same(page, lines, before, behind);
            }
            Hunk::Changed { left, right } => {
                changed(page, left, right, columns);
            }
        }
    }
}

/// Equal lines: those next to what changed, and how many are left out between them.
fn same(page: &mut Page, lines: &[String], before: usize, behind: usize) {
    let mut line = |text: &str| {
        page.line().put(Tone::Dim, &format!("  {text}")).hang(4);
    };
    // What is left out takes a line, too.
    if lines.len() <= before + behind + 1 {
        lines.iter().for_each(|text| line(text));
        return;
    }
    lines[..before].iter().for_each(|text| line(text));
    line(&format!("… {} equal lines", lines.len() - before - behind));
    lines[lines.len() - behind..]
        .iter()
        .for_each(|text| line(text));
}

/// Lines that take each other's place: side by side where all of them fit, else one below the
/// other.
fn changed(page: &mut Page, left: &[String], right: &[String], columns: usize) {
    let half = columns.saturating_sub(3) / 2;
    let signed = |sign: &str, lines: &[String]| -> Vec<String> {
        lines
            .iter()
            .map(|line| format!("{sign} {}", neutral(line)))
            .collect()
    };
    let (left, right) = (signed("-", left), signed("+", right));
    let all_fit = left.iter().chain(&right).all(|line| width(line) <= half);
    if columns >= BESIDE && all_fit {
        for at in 0..left.len().max(right.len()) {
            let line = |side: &[String]| side.get(at).cloned().unwrap_or_default();
            page.line()
                .put(Tone::Warn, &pad(&line(&left), half))
                .put(Tone::Dim, " │ ")
                .put(Tone::Good, &line(&right));
        }
        return;
    }
    for (tone, lines) in [(Tone::Warn, left), (Tone::Good, right)] {
        for line in lines {
            page.line().put(tone, &line).hang(4);
        }
    }
}
