use super::{Checked, block};
use crate::{
    check::{answers::Exits, expression, names::Names, scalar, variable},
    diagnostic::{Diagnostic, Report},
    expr::{Lenience, Template},
    model::{Each, StepKind},
    syntax::{Fields, Scalar},
};

/// The most items that are under way at once.
const MOST_AT_ONCE: i128 = 64;

/// `each "{{ items }}" as="item" concurrency=4 { … }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let items = fields
        .expect_argument(report, "a list: `each \"{{ items }}\" as=\"item\"`")
        .and_then(|value| items(&value, names, report));
    let concurrency = fields.property("concurrency").map_or(Some(1), |value| {
        scalar::integer(&value, "`concurrency`", 1, MOST_AT_ONCE, report)
    });
    let item = match fields.property("as") {
        Some(value) => variable::given_name(&value, report),
        None => {
            if !fields.has_slip_of_property("as") {
                report.push(
                    Diagnostic::error(fields.span, "`each` needs a name for the item")
                        .help("`each \"{{ items }}\" as=\"item\"`"),
                );
            }
            None
        }
    };
    let before = names.point();
    let item = match item {
        Some(name) => Some(names.set(&name, "each")),
        None => {
            names.become_unsure();
            None
        }
    };
    let was_inside = names.set_in_loop(true);
    let (steps, inner) = block(fields.children(), names, report);
    names.set_in_loop(was_inside);
    if steps.is_empty() && inner.is_empty() {
        report.push(Diagnostic::error(fields.span, "`each` has no steps"));
    }
    // There may be no item at all; and what is set beside other rounds is gone.
    let after = names.point();
    if concurrency.is_some_and(|at_once| at_once > 1) {
        names.go_to(&before);
    } else {
        names.meet(&[before, after]);
    }
    let mut exits = Exits::goes_on(fields.span);
    super::refuse_answers("each", &inner, report);
    exits.end_within(inner);
    let each = (|| {
        Some(Each {
            items: items?,
            item: item?,
            concurrency: concurrency? as usize,
            steps,
        })
    })();
    Checked {
        kind: each.map(StepKind::Each),
        exits,
    }
}

/// A single placeholder: anything else gives text.
fn items(value: &Scalar, names: &mut Names, report: &mut Report) -> Option<Template> {
    let template = expression::template(value, "a list", Lenience::Strict, names, report)?;
    if template.placeholder() {
        return Some(template);
    }
    report.push(
        Diagnostic::error(value.span, "`each` takes a list, and this is text")
            .help("one placeholder and nothing else keeps a list: `\"{{ items }}\"`"),
    );
    None
}

/// `break`.
pub(super) fn leave(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    in_loop(StepKind::Break, fields, names, report)
}

/// `continue`.
pub(super) fn go_on(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    in_loop(StepKind::Continue, fields, names, report)
}

fn in_loop(kind: StepKind, fields: &Fields, names: &Names, report: &mut Report) -> Checked {
    if names.is_in_loop() {
        return Checked {
            kind: Some(kind),
            // The way leads on, but not to what stands below.
            exits: Exits::fails(),
        };
    }
    let word = &fields.name.text;
    report.push(Diagnostic::error(
        fields.span,
        format!("`{word}` stands inside an `each`"),
    ));
    Checked {
        kind: None,
        exits: Exits::goes_on(fields.span),
    }
}
