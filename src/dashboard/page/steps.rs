use std::{collections::BTreeMap, time::Duration};

use super::{Page, Tone, waterfall::Waterfall, words};
use crate::{
    dashboard::text,
    event::{MOST_TOLD, Progress},
    observe::{Entry, Moment, Stage, lane, round, unkept_steps},
    run::{FlowShape, Outcome, Part, RunRecord, StepDetail, StepRecord, Within},
};

/// How deep a step is indented at most.
const DEEPEST: usize = 12;
const TOOK: usize = 9;

pub(super) fn write(page: &mut Page, entry: &Entry, record: &RunRecord, columns: usize) {
    let Some(shape) = record.flow.as_deref() else {
        return words::no_flow(page, entry);
    };
    if record.outcome == Outcome::Refused {
        page.line().put(Tone::Dim, "Refused before any step.");
        return;
    }
    if !record.detailed {
        words::brief(page);
        return taken(page, shape, record);
    }
    if record.steps.is_empty() {
        page.line().put(Tone::Dim, "No step ran.");
    }
    let mut waterfall = Waterfall::default();
    steps(page, &mut waterfall, shape, record, &record.steps, 0);
    waterfall.draw(page, columns);
}

/// The steps of a run on its way, as far as it is now.
pub(super) fn write_so_far(page: &mut Page, entry: &Entry, columns: usize, now: Moment) {
    let is_told = |place: &usize| {
        let places = entry.steps.binary_search_by_key(place, |step| step.place);
        places.is_ok()
    };
    let mut so_far = SoFar {
        inside: BTreeMap::new(),
        elapsed: now.since(entry.at),
        is_parked: matches!(entry.stage, Stage::Parked(_)),
        waterfall: Waterfall::default(),
    };
    for step in &entry.steps {
        // What is inside of a call that was lost on the way is told all the same.
        let caller = step.caller.filter(is_told);
        so_far.inside.entry(caller).or_default().push(step);
    }
    so_far.write(page, entry.shape.as_deref(), None, 0);
    so_far.waterfall.draw(page, columns);
    if entry.steps.len() >= MOST_TOLD {
        page.line().put(
            Tone::Dim,
            "It may have come further: no more steps are told before it ends.",
        );
    }
}

/// The steps of a run on its way. Those that run beside each other began in any order: each call
/// has its own below it.
struct SoFar<'e> {
    /// By the place of the call that they are inside of.
    inside: BTreeMap<Option<usize>, Vec<&'e Progress>>,
    elapsed: Duration,
    is_parked: bool,
    waterfall: Waterfall,
}

impl<'e> SoFar<'e> {
    /// Writes the steps of a flow, and of those that it called, so far indented.
    fn write(
        &mut self,
        page: &mut Page,
        shape: Option<&FlowShape>,
        caller: Option<usize>,
        outside: usize,
    ) {
        let depths = shape.map(depths).unwrap_or_default();
        for step in self.inside.remove(&caller).unwrap_or_default() {
            let id = step.passage.step as usize;
            let depth = match step.caller == caller {
                true => depths.get(id).copied().unwrap_or(0),
                false => 1,
            };
            self.step(page, step, outside + depth);
            let called = self.inside.get(&Some(step.place));
            if let Some(first) = called.and_then(|steps| steps.first().copied()) {
                let (shape, caller) = (Some(&*first.flow), Some(step.place));
                self.write(page, shape, caller, outside + depth + 1);
            }
        }
    }

    fn step(&mut self, page: &mut Page, step: &'e Progress, depth: usize) {
        let Progress {
            kind,
            title,
            passage,
            ..
        } = step;
        let indent = 2 * depth.min(DEEPEST);
        let is_over = passage.took.is_some();
        let took = passage.took;
        let took = took.unwrap_or_else(|| self.elapsed.saturating_sub(passage.started));
        self.waterfall.note(page, passage.started, took, None);
        let line = page.line();
        let (sign, stands) = match self.is_parked {
            true => ("‖", " · parked"),
            false => ("»", " · running"),
        };
        match (is_over, passage.has_failed) {
            (false, _) => line.put(Tone::Accent, sign),
            (true, true) => line.put(Tone::Bad, "✗"),
            (true, false) => line.put(Tone::Good, "✓"),
        };
        line.fill_to(2)
            .put(Tone::Dim, &text::pad(&text::duration(took), TOOK))
            .put(Tone::Plain, &" ".repeat(indent))
            .put(Tone::Strong, kind)
            .put(Tone::Plain, " ")
            .put(Tone::Plain, title)
            .hang(2 + TOOK + indent + 2);
        if !is_over {
            line.put(Tone::Accent, stands);
        }
    }
}

/// Steps that ran, of the run itself or of a flow that it called, so far indented.
fn steps(
    page: &mut Page,
    waterfall: &mut Waterfall,
    shape: &FlowShape,
    record: &RunRecord,
    steps: &[StepRecord],
    outside: usize,
) {
    let depths = depths(shape);
    let mut around = Vec::new();
    for ran in steps {
        if ran.unkept_before > 0 {
            page.line().put(Tone::Dim, &unkept_steps(ran.unkept_before));
            // Where they were is as good as left.
            around.clear();
        }
        let step = shape.step(ran.step);
        let depth = outside + depths.get(ran.step as usize).copied().unwrap_or(0);
        let indent = 2 * depth.min(DEEPEST);
        let kind = step.map_or("step", |step| step.kind);
        let title = step.map_or("", |step| step.title.as_str());
        let left = 2 + TOOK + indent;
        let within = Within::path(ran.within.as_ref());
        // Only the innermost: those around it were told when they began.
        if let Some(part) = within.last().filter(|_| within != around) {
            page.line()
                .put(Tone::Plain, &" ".repeat(left))
                .put(Tone::Dim, &self::part(shape, part))
                .hang(left + 2);
        }
        around = within;
        let last_try = match &ran.detail {
            StepDetail::Effect { attempts, took, .. } if *attempts > 1 => Some(*took),
            _ => None,
        };
        waterfall.note(page, ran.started, ran.took, last_try);
        let line = page.line();
        if ran.error.is_some() {
            line.put(Tone::Bad, "✗");
        } else {
            line.put(Tone::Good, "✓");
        }
        line.fill_to(2)
            .put(Tone::Dim, &text::pad(&text::duration(ran.took), TOOK))
            .put(Tone::Plain, &" ".repeat(indent))
            .put(Tone::Strong, kind)
            .put(Tone::Plain, " ")
            .put(Tone::Plain, title)
            .hang(left + 2);
        match &ran.detail {
            StepDetail::Branch { arm, .. } => {
                let title = arm.and_then(|arm| Some(&step?.arm(arm)?.title));
                match title {
                    Some(title) => line.put(Tone::Dim, " → ").put(Tone::Lit, title),
                    None => line.put(Tone::Dim, " → no arm"),
                };
            }
            StepDetail::Set(values) => {
                for (slot, value) in values {
                    let name = shape.variables.get(*slot as usize);
                    let (tone, value) = words::value(value.as_ref());
                    page.line()
                        .put(Tone::Plain, &" ".repeat(left + 2))
                        .put(Tone::Dim, name.map_or("", |variable| &variable.name))
                        .put(Tone::Dim, " = ")
                        .put(tone, &value)
                        .hang(left + 4);
                }
            }
            StepDetail::Log(text) => page.text(Tone::Dim, left + 2, text),
            // Where it is not the step's error, which is told below.
            StepDetail::Fail(text) if ran.error.is_none() => {
                page.text(Tone::Dim, left + 2, text);
            }
            StepDetail::Respond(status) => {
                if title != status.to_string() {
                    line.put(Tone::Dim, " → ")
                        .put(words::status(*status), &status.to_string());
                }
            }
            StepDetail::Delay(length) => {
                line.put(Tone::Dim, " → ")
                    .put(Tone::Plain, &text::duration(*length));
            }
            StepDetail::Each(items) => {
                line.put(Tone::Dim, &format!(" → {items} items"));
            }
            StepDetail::Effect {
                action,
                attempts,
                output,
                ..
            } => {
                if *attempts > 1 {
                    line.put(Tone::Dim, &format!(" · {attempts} tries"));
                }
                page.text(Tone::Dim, left + 2, action);
                if let Some(output) = output {
                    let (tone, value) = words::value(Some(output));
                    page.text(tone, left + 2, &value);
                }
            }
            StepDetail::Call(call) => {
                self::steps(page, waterfall, &call.flow, record, &call.steps, depth + 1);
                if let Some(output) = &call.output {
                    let (tone, value) = words::value(Some(output));
                    page.text(tone, left + 2, &value);
                }
            }
            StepDetail::Output(value) => {
                let (tone, value) = words::value(Some(value));
                page.text(tone, left + 2, &value);
            }
            StepDetail::Fail(_) | StepDetail::Stop | StepDetail::Nothing => {}
        }
        if let Some(error) = words::step_error(record, ran) {
            page.text(Tone::Bad, left + 2, error);
        }
    }
}

/// A round or a lane.
fn part(shape: &FlowShape, within: &Within) -> String {
    match &within.part {
        Part::Round { number, item } => round((*number).into(), item.as_ref()),
        Part::Lane(index) => {
            let step = shape.step(within.step);
            let arm = step.and_then(|step| step.arm(*index));
            lane(arm.map_or("", |arm| &arm.title))
        }
    }
}

fn taken(page: &mut Page, shape: &FlowShape, record: &RunRecord) {
    for (branch, arm) in shape.branches(&record.taken) {
        page.line()
            .put(Tone::Strong, "branch ")
            .put(Tone::Plain, &branch.title)
            .put(Tone::Dim, " → ")
            .put(Tone::Lit, arm.map_or("no arm", |arm| &arm.title));
    }
}

// How deep each step lies.
fn depths(shape: &FlowShape) -> Vec<usize> {
    fn walk(shape: &FlowShape, steps: &[u32], depth: usize, depths: &mut [usize]) {
        if depth > DEEPEST {
            return;
        }
        for id in steps {
            let Some(step) = shape.step(*id) else {
                continue;
            };
            depths[*id as usize] = depth;
            for arm in &step.arms {
                walk(shape, &arm.steps, depth + 1, depths);
            }
            walk(shape, &step.on_error, depth + 1, depths);
        }
    }
    let mut depths = vec![0; shape.steps.len()];
    walk(shape, &shape.body, 0, &mut depths);
    walk(shape, &shape.on_error, 1, &mut depths);
    depths
}
