use crate::{
    app::rehearsal::{each_known_step, is_obscure},
    graph::{Graph, Step, StepKind},
    model::Then,
    run::{ArmShape, Value, shortened},
};

/// The longest a way may be told, in characters: a loop takes the same branch as often as it likes.
const LONGEST: usize = 256;

/// The arms that a run took, in order, and how far they are known.
#[derive(Debug)]
pub(super) struct Way {
    pub turns: Vec<Turn>,
    /// What is at the end of them.
    pub end: End,
}

/// What is at the end of a way.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum End {
    /// The end of the run.
    Run,
    /// An answer. What follows it is a run of its own.
    Answer,
    /// It is not known further, for this reason.
    Unknown(String),
}

/// An arm that a run took.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Turn {
    /// The flow that the branch is of: of one that was called, where it is.
    pub flow: String,
    /// The branch's id.
    pub step: usize,
    /// The arm's index.
    pub arm: usize,
    /// The arm's title.
    pub title: String,
}

impl Way {
    /// The way that a record tells of, which ran on `then`. Flows that were called are told of only
    /// where it has all steps.
    pub fn of_old(record: &Value, then: Option<&Graph>) -> Self {
        if !has_steps(record) {
            return match then.map(|then| brief(record, then)) {
                Some(turns) => Self {
                    turns,
                    end: End::Run,
                },
                None => Self {
                    turns: Vec::new(),
                    end: End::unknown("its steps were not kept"),
                },
            };
        }
        let (told, is_whole) = flat(record);
        let end = match record["outcome"].as_str() {
            _ if !is_whole => End::unknown("it took too many steps"),
            Some("timed-out" | "cancelled") => End::unknown("it was cut off there"),
            _ => End::Run,
        };
        Self {
            turns: told.iter().filter_map(turn).collect(),
            end,
        }
    }

    /// The way of a walk without effects, which may have been `is_cut` at one of them. It is told
    /// as the one of the `old` record is: of flows that were called, or not.
    pub fn of_new(record: &Value, old: &Value, is_cut: bool, graph: &Graph) -> Self {
        let is_nested = has_steps(old);
        let (told, is_whole) = flat(record);
        let mut turns = Vec::new();
        for told in &told {
            if let Some(why) = doubt(told.step) {
                return Self {
                    turns,
                    end: End::Unknown(why),
                };
            }
            if is_nested || !told.is_called {
                turns.extend(turn(told));
            }
            // Those who answered first are told of apart from what they did then.
            if answers_first(graph, told) {
                return Self {
                    turns,
                    end: End::Answer,
                };
            }
        }
        let end = if !is_whole {
            End::unknown("it takes too many steps")
        } else if is_cut {
            End::unknown("it depends on what a step would come to")
        } else {
            End::Run
        };
        Self { turns, end }
    }

    /// The titles of the arms, as the dashboard joins them; `None` where there is none.
    pub fn titles(&self) -> Option<String> {
        let titles: Vec<_> = self.turns.iter().map(|turn| &*turn.title).collect();
        let joined = titles.join(" › ");
        (!joined.is_empty()).then(|| shortened(&joined, LONGEST).into_owned())
    }
}

impl End {
    fn unknown(why: &str) -> Self {
        Self::Unknown(why.to_owned())
    }

    /// Why it is not known, where it is not.
    pub fn doubt(&self) -> Option<&str> {
        match self {
            Self::Unknown(why) => Some(why),
            Self::Run | Self::Answer => None,
        }
    }
}

impl Turn {
    /// Whether an arm of today is the arm that was taken before, of a flow as it was then. A title
    /// tells it; an arm without a label is called after its condition, and is told by its place
    /// where that was rewritten.
    pub fn is(&self, before: &Self, then: Option<&Graph>, today: &Graph) -> bool {
        if self.title == before.title {
            return true;
        }
        let arms = then.and_then(|then| before.arms(then));
        let (Some(old), Some(new)) = (arms, self.arms(today)) else {
            return false;
        };
        let is_unlabelled = |arms: &[ArmShape], arm: usize| {
            arms.get(arm)
                .is_some_and(|arm| arm.condition.as_ref() == Some(&arm.title))
        };
        let has = |arms: &[ArmShape], title: &str| arms.iter().any(|arm| arm.title == title);
        old.len() == new.len()
            && self.arm == before.arm
            && is_unlabelled(old, before.arm)
            && is_unlabelled(new, self.arm)
            && !has(old, &self.title)
            && !has(new, &before.title)
    }

    fn arms<'g>(&self, graph: &'g Graph) -> Option<&'g [ArmShape]> {
        Some(&graph.flow(&self.flow)?.shape.steps.get(self.step)?.arms)
    }
}

/// A step of a flow.
pub(super) fn step<'g>(graph: &'g Graph, flow: &str, id: usize) -> Option<&'g Step> {
    graph.flow(flow)?.steps.get(id)
}

/// Whether a record has the steps of its run.
fn has_steps(record: &Value) -> bool {
    record["detailed"] == Value::Bool(true)
}

/// A step in the story of a run.
struct Told<'r> {
    /// The flow that it is of.
    flow: &'r str,
    step: &'r Value,
    /// Whether the flow was called by another one.
    is_called: bool,
}

/// The steps of a record, those of flows that were called included, in the order they ran, up to
/// where some are missing; and whether none is.
fn flat(record: &Value) -> (Vec<Told<'_>>, bool) {
    let mut found = Vec::new();
    let is_whole = each_known_step(record, &mut |of, step| {
        found.push(Told {
            flow: of["flow"].as_str().unwrap_or_default(),
            step,
            is_called: !std::ptr::eq(of, record),
        });
    });
    (found, is_whole)
}

/// The turns of a record that has no steps. Loops and lanes are told of there as branches are.
fn brief(record: &Value, then: &Graph) -> Vec<Turn> {
    let flow = record["flow"].as_str().unwrap_or_default();
    let taken = record["taken"].as_array().into_iter().flatten();
    taken
        .filter_map(|taken| {
            let id = index(&taken["step"])?;
            let title = taken["arm"].as_str()?;
            let StepKind::Branch(_) = step(then, flow, id)?.kind else {
                return None;
            };
            let mut turn = Turn {
                flow: flow.to_owned(),
                step: id,
                arm: 0,
                title: title.to_owned(),
            };
            let mut arms = turn.arms(then)?.iter();
            turn.arm = arms.position(|arm| arm.title == title)?;
            Some(turn)
        })
        .collect()
}

/// The turn that a step is, where it is a branch and took an arm.
fn turn(told: &Told<'_>) -> Option<Turn> {
    let detail = &told.step["detail"];
    Some(Turn {
        flow: told.flow.to_owned(),
        step: index(&told.step["step"])?,
        arm: index(&detail["arm"])?,
        title: detail["taken"].as_str()?.to_owned(),
    })
}

fn index(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|index| usize::try_from(index).ok())
}

/// Why a step, and all behind it, cannot be known, where it is so.
fn doubt(step: &Value) -> Option<String> {
    let kind = step["kind"].as_str().unwrap_or_default();
    let title = step["title"].as_str().unwrap_or_default();
    let detail = &step["detail"];
    if detail["attempts"] == 0 {
        Some(format!("`{kind} {title}` would have to be done"))
    } else if kind == "branch" && is_obscure(detail) {
        Some(format!(
            "`{kind} {title:?}` looks at something that was not kept"
        ))
    } else if kind == "parallel" && title == "any" {
        Some("the first of several steps decides".to_owned())
    } else {
        None
    }
}

/// Whether a step answers, and the flow goes on behind it.
fn answers_first(graph: &Graph, told: &Told<'_>) -> bool {
    let id = index(&told.step["step"]).unwrap_or(usize::MAX);
    step(graph, told.flow, id).is_some_and(|step| match &step.kind {
        StepKind::Respond(respond) => respond.then == Then::Continue,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::{
        app::{assemble::read_by, kept::Kept, load::load, revisions::revision_row},
        observe::UNKEPT,
    };

    const FLOW: &str = r#"
        flow "a" {
            webhook "/a" { parse { body "items" type="list" required=#true; body "n" default=0; }; }
            each "{{ items }}" as="item" { log "{{ item }}"; }
            branch { when "n == 1" label="one" { stop; }; when "n == 2" { stop; }; }
            branch "and then" { when "n == 3" { stop; }; otherwise { stop; }; }
        }
    "#;

    fn graph(text: &str) -> Graph {
        let kept = json!({ "files": { "flows.kdl": text }, "globs": {}, "has_secrets": false });
        let file = Path::new("flows.kdl");
        let row = revision_row(file, "now", kept.to_string());
        let mut loaded = load(file, &Kept::new(&row, file));
        read_by(&mut loaded, file, "now", &[]).expect("it is sound")
    }

    #[test]
    fn of_a_run_without_steps_only_the_arms_are_known_and_only_by_what_the_flow_was() {
        let record = json!({
            "flow": "a",
            "detailed": false,
            "outcome": "succeeded",
            "taken": [
                { "step": 0, "branch": "{{ items }}", "arm": "each item" },
                { "step": 2, "branch": "", "arm": null },
                { "step": 5, "branch": "and then", "arm": "otherwise" },
            ],
            "steps": [],
        });
        let way = Way::of_old(&record, Some(&graph(FLOW)));
        assert_eq!(
            (way.titles(), way.end),
            (Some("otherwise".to_owned()), End::Run)
        );
        assert_eq!(way.turns[0].arm, 1);
        let way = Way::of_old(&record, None);
        assert_eq!(
            (way.titles(), way.end),
            (None, End::Unknown("its steps were not kept".to_owned()))
        );
    }

    #[test]
    fn a_label_tells_an_arm_wherever_it_stands_and_a_place_one_without_a_label() {
        let then = graph(FLOW);
        let turn = |step: usize, arm: usize, title: &str| Turn {
            flow: "a".to_owned(),
            step,
            arm,
            title: title.to_owned(),
        };
        let is =
            |before: Turn, today: Turn, text: &str| today.is(&before, Some(&then), &graph(text));
        let (one, two) = (turn(2, 0, "one"), turn(2, 1, "n == 2"));
        let other_order = FLOW.replace(
            r#"when "n == 1" label="one" { stop; }; when "n == 2" { stop; };"#,
            r#"when "n == 2" { stop; }; when "n == 1" label="one" { stop; };"#,
        );
        assert!(is(one.clone(), turn(2, 1, "one"), &other_order));
        assert!(is(two.clone(), turn(2, 0, "n == 2"), &other_order));
        assert!(!is(one.clone(), turn(2, 0, "n == 2"), &other_order));
        let rewritten = FLOW.replace("n == 2", "n > 1");
        assert!(is(two.clone(), turn(2, 1, "n > 1"), &rewritten));
        assert!(!is(one.clone(), turn(2, 1, "n > 1"), &rewritten));
        let relabelled = FLOW.replace("one", "only");
        assert!(!is(one, turn(2, 0, "only"), &relabelled));
        let gone = FLOW.replace(r#"when "n == 1" label="one" { stop; }; "#, "");
        assert!(!is(
            two,
            turn(2, 0, "n > 1"),
            &gone.replace("n == 2", "n > 1")
        ));
    }

    #[test]
    fn a_way_is_known_up_to_where_steps_are_missing_within_a_flow_that_was_called_too() {
        let branch = |arm: usize, title: &str| {
            json!({
                "step": 0,
                "kind": "branch",
                "detail": { "arm": arm, "taken": title },
            })
        };
        let mut behind = branch(1, "two");
        behind[UNKEPT] = 20.into();
        let record = json!({
            "flow": "a",
            "detailed": true,
            "outcome": "succeeded",
            "steps": [
                { "step": 1, "kind": "call", "title": "b", "detail": {
                    "flow": "b",
                    "steps": [branch(0, "one"), behind],
                } },
                branch(2, "three"),
            ],
        });
        let known = (
            Some("one".to_owned()),
            End::unknown("it took too many steps"),
        );
        let old = Way::of_old(&record, None);
        assert_eq!((old.titles(), old.end), known);
        let new = Way::of_new(&record, &record, false, &graph(FLOW));
        assert_eq!(new.titles(), known.0);
        assert_eq!(new.end, End::unknown("it takes too many steps"));
    }

    #[test]
    fn a_long_way_is_cut_where_it_is_told() {
        let turn = |title: &str| Turn {
            flow: String::new(),
            step: 0,
            arm: 0,
            title: title.to_owned(),
        };
        let way = Way {
            turns: vec![turn(&"é".repeat(100)); 3],
            end: End::Run,
        };
        let titles = way.titles().expect("it has turns");
        assert_eq!(titles.chars().count(), LONGEST + 1);
        assert!(titles.ends_with("é…"), "{titles}");
    }
}
