use super::{Checked, block};
use crate::{
    check::{
        answers::{Exits, Way},
        expression,
        names::{Names, Point},
        scalar,
    },
    diagnostic::{Diagnostic, Report, Span, did_you_mean, nearest},
    model::{Arm, Block, Branch, StepKind},
    syntax::{Fields, Node},
};

/// `branch "name" { when "…" { … }; otherwise { … } }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let span = fields.span;
    let name = fields
        .argument()
        .and_then(|value| scalar::name(&value, "a branch's name", report).map(|t| t.value.clone()));
    let mut ways = Ways {
        exits: Exits::default(),
        points: Vec::new(),
    };
    let mut arms = Vec::new();
    let mut otherwise: Option<(Block, Span)> = None;
    let mut is_whole = true;
    let mut when_count = 0;
    for node in fields.children() {
        let mut arm = node.open();
        let arm_span = arm.span;
        let word = arm.name.text.clone();
        let meant = meant(&word);
        if meant != Some(&*word) {
            let mut diagnostic = Diagnostic::error(
                arm.name.span,
                format!("a branch has `when` and `otherwise`, not `{word}`"),
            );
            if let Some(meant) = meant {
                diagnostic = diagnostic.help(did_you_mean(meant));
            }
            report.push(diagnostic);
            is_whole = false;
        }
        match (meant.unwrap_or_default(), &otherwise) {
            ("", Some(_)) => {}
            (_, Some((_, before))) => {
                report.push(
                    Diagnostic::error(arm_span, "`otherwise` comes last, once")
                        .also(*before, "it is here"),
                );
                is_whole = false;
            }
            ("when", None) => {
                when_count += 1;
                match when(&mut arm, &mut ways, names, report) {
                    Some(arm) => arms.push(arm),
                    None => is_whole = false,
                }
                arm.finish(report);
            }
            ("otherwise", None) => {
                let point = names.point();
                let steps = ways.way(arm.children(), arm_span, names, report);
                names.go_to(&point);
                otherwise = Some((steps, arm_span));
                arm.finish(report);
            }
            (_, None) => {
                // What it does is unknown.
                names.become_unsure();
                ways.exits.is_unknown = true;
                ways.points.push(names.point());
            }
        }
    }
    if when_count == 0 && is_whole {
        report.push(
            Diagnostic::error(span, "a branch needs a `when`")
                .help("`when \"amount >= 100\" { … }`"),
        );
        is_whole = false;
    }
    if otherwise.is_none() {
        let way = Way::new(span, "nothing matched, and there is no `otherwise`");
        ways.exits.open.push(way);
        ways.points.push(names.point());
    }
    names.meet(&ways.points);
    let branch = is_whole.then(|| Branch {
        name,
        arms,
        otherwise: otherwise.map(|(steps, _)| steps),
    });
    Checked {
        kind: branch.map(StepKind::Branch),
        exits: ways.exits,
    }
}

/// The arm that a word stands for, or is most likely a slip of.
fn meant(word: &str) -> Option<&'static str> {
    match word {
        "if" | "case" | "elif" => Some("when"),
        "else" | "default" => Some("otherwise"),
        "when" => Some("when"),
        "otherwise" => Some("otherwise"),
        _ => nearest(word, ["when", "otherwise"]),
    }
}

/// The ways through a branch, as they are gathered.
struct Ways {
    exits: Exits,
    points: Vec<Point>,
}

impl Ways {
    fn way(
        &mut self,
        nodes: Vec<Node>,
        span: Span,
        names: &mut Names,
        report: &mut Report,
    ) -> Block {
        let is_empty = nodes.is_empty();
        let (steps, mut exits) = block(nodes, names, report);
        if is_empty {
            exits.open.push(Way::new(span, "nothing happens here"));
        }
        // A way that ends never meets the others below the branch.
        if !exits.is_closed() {
            self.points.push(names.point());
        }
        self.exits.or(exits);
        steps
    }
}

fn when(arm: &mut Fields, ways: &mut Ways, names: &mut Names, report: &mut Report) -> Option<Arm> {
    let condition = arm
        .expect_argument(report, "a condition, like \"amount >= 100\"")
        .and_then(|value| {
            let text = scalar::text(&value, "a condition", report)?;
            expression::condition(text, names, report)
        });
    let label = scalar::title(arm.property("label"), "`label`", report);
    let before = names.point();
    if let Some(condition) = &condition {
        names.learn(condition.shows(true));
    }
    let steps = ways.way(arm.children(), arm.span, names, report);
    names.go_to(&before);
    let condition = condition?;
    names.learn(condition.shows(false));
    Some(Arm {
        condition,
        label,
        steps,
    })
}
