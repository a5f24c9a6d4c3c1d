use std::collections::HashSet;

use super::{Page, Span, Tone, served::beside, words};
use crate::{
    event::{FlowCount, Passed},
    observe::Entry,
    run::{FlowShape, Outcome, RunRecord, Taken},
};

/// How deep the tree is drawn.
const DEEPEST: usize = 16;

struct Tree<'a> {
    shape: &'a FlowShape,
    way: Way,
    /// What passed through the flow, where that is known, and within which time.
    passed: Option<(Option<&'a FlowCount>, Span)>,
}

/// Which way the run took.
enum Way {
    /// It waits, or is not known.
    Open,
    /// The steps that ran, those of them that failed, and the arms taken.
    Known {
        ran: HashSet<u32>,
        failed: HashSet<u32>,
        taken: HashSet<Taken>,
    },
    /// The arms alone.
    Brief(HashSet<Taken>),
}

pub(super) fn write(page: &mut Page, entry: &Entry, record: Option<&RunRecord>) {
    let Some(shape) = entry.shape.as_deref() else {
        return words::no_flow(page, entry);
    };
    let way = record.map_or(Way::Open, Way::of);
    let refused = record.is_some_and(|record| record.outcome == Outcome::Refused);
    title(page, shape);
    if refused {
        page.line().put(Tone::Warn, "⊘ refused before any step");
    }
    if matches!(way, Way::Brief(_)) {
        words::brief(page);
    }
    let tree = Tree {
        shape,
        way,
        passed: None,
    };
    tree.all(page, !refused);
}

/// The flow itself, with how many runs took each arm within some time.
pub(super) fn counted(
    page: &mut Page,
    shape: &FlowShape,
    passed: Option<(Option<&FlowCount>, Span)>,
) {
    let tree = Tree {
        shape,
        way: Way::Open,
        passed,
    };
    tree.all(page, true);
}

/// Which flow it is, and how it is started.
pub(super) fn title(page: &mut Page, shape: &FlowShape) {
    let line = page.line();
    line.put(Tone::Strong, &format!("{} ", shape.name));
    if shape.called {
        line.put(Tone::Dim, "called");
        return;
    }
    line.put(
        Tone::Dim,
        &format!(
            "{} {} · {}",
            shape.methods.join(" "),
            shape.path,
            if shape.sync { "sync" } else { "async" }
        ),
    );
}

impl Way {
    fn of(record: &RunRecord) -> Self {
        // A loop comes by more than once, and lanes are all taken.
        let taken = record.taken.iter().copied().collect();
        if !record.detailed && record.outcome != Outcome::Refused {
            return Self::Brief(taken);
        }
        let mut failed: HashSet<u32> = record
            .steps
            .iter()
            .filter(|ran| ran.error.is_some())
            .map(|ran| ran.step)
            .collect();
        failed.extend(record.error.as_ref().and_then(|error| error.step));
        Self::Known {
            ran: record.steps.iter().map(|ran| ran.step).collect(),
            failed,
            taken,
        }
    }
}

impl Tree<'_> {
    fn all(&self, page: &mut Page, reached: bool) {
        let shape = self.shape;
        self.block(page, &shape.body, "", reached);
        if !shape.on_error.is_empty() {
            let lit = self.is_any_lit(&shape.on_error);
            page.line().put(self.tone(lit), "on-error");
            self.block(page, &shape.on_error, "  ", lit);
        }
    }

    // `reached` says whether the run came to the block at all.
    fn block(&self, page: &mut Page, steps: &[u32], prefix: &str, reached: bool) {
        if prefix.len() > DEEPEST * 5 {
            page.line().put(Tone::Dim, prefix).put(Tone::Dim, "…");
            return;
        }
        for id in steps {
            let Some(step) = self.shape.step(*id) else {
                continue;
            };
            let (sign, tone) = self.step(*id, reached);
            page.line()
                .put(Tone::Dim, prefix)
                .put(tone, sign)
                .put(tone, &format!(" {} {}", step.kind, step.title))
                .hang(prefix.chars().count() + 2);
            let is_branch = step.is_branch();
            let past = self.passed(*id, None).filter(|past| past.runs > 0);
            let arms = step.arms.len()
                + usize::from(past.is_some())
                + usize::from(!step.on_error.is_empty());
            for (index, arm) in step.arms.iter().enumerate() {
                let passed = self.passed(*id, Some(index as u32)).filter(|_| is_branch);
                let lit = reached && self.is_taken(*id, index as u32);
                let last = index + 1 == arms;
                let line = page.line();
                line.put(Tone::Dim, prefix)
                    .put(self.tone(lit), if last { "└─ " } else { "├─ " })
                    .put(self.tone(lit), &arm.title)
                    .hang(prefix.chars().count() + 3);
                if let Some(condition) = arm.condition.as_ref().filter(|text| **text != arm.title) {
                    line.put(Tone::Dim, &format!("  {condition}"));
                }
                if let Some(passed) = passed {
                    let (tone, text) = beside(passed);
                    line.put(tone, &text);
                }
                let below = format!("{prefix}{}", if last { "   " } else { "│  " });
                self.block(page, &arm.steps, &below, lit);
            }
            if let Some(past) = past {
                let (tone, text) = beside(past);
                page.line()
                    .put(Tone::Dim, prefix)
                    .put(
                        Tone::Dim,
                        if step.on_error.is_empty() {
                            "└─ nothing matched"
                        } else {
                            "├─ nothing matched"
                        },
                    )
                    .put(tone, &text);
            }
            if !step.on_error.is_empty() {
                let lit = self.is_any_lit(&step.on_error);
                page.line()
                    .put(Tone::Dim, prefix)
                    .put(self.tone(lit), "└─ on-error");
                self.block(page, &step.on_error, &format!("{prefix}   "), lit);
            }
        }
    }

    fn step(&self, id: u32, reached: bool) -> (&'static str, Tone) {
        match &self.way {
            Way::Open => ("○", Tone::Plain),
            Way::Brief(_) if reached => ("●", Tone::Lit),
            Way::Known { failed, .. } if failed.contains(&id) => ("✗", Tone::Bad),
            Way::Known { ran, .. } if ran.contains(&id) => ("●", Tone::Lit),
            Way::Brief(_) | Way::Known { .. } => ("○", Tone::Dim),
        }
    }

    fn is_taken(&self, step: u32, arm: u32) -> bool {
        match &self.way {
            Way::Open => false,
            Way::Brief(taken) | Way::Known { taken, .. } => {
                let arm = Some(arm);
                taken.contains(&Taken { step, arm })
            }
        }
    }

    fn passed(&self, step: u32, arm: Option<u32>) -> Option<Passed> {
        let (count, span) = self.passed?;
        let mut arms = count.iter().flat_map(|count| &count.arms);
        let found = arms.find(|count| (count.step, count.arm) == (step, arm));
        Some(span.of(found.map(|count| count.passed).unwrap_or_default()))
    }

    fn is_any_lit(&self, steps: &[u32]) -> bool {
        match &self.way {
            Way::Known { ran, .. } => steps.iter().any(|id| ran.contains(id)),
            Way::Open | Way::Brief(_) => false,
        }
    }

    fn tone(&self, lit: bool) -> Tone {
        match &self.way {
            Way::Open => Tone::Plain,
            _ => tone(lit),
        }
    }
}

fn tone(lit: bool) -> Tone {
    if lit { Tone::Lit } else { Tone::Dim }
}
