use super::{Checked, block};
use crate::{
    check::{answers::Exits, names::Names, scalar},
    diagnostic::{Diagnostic, Report, did_you_mean, nearest},
    model::{Lane, Parallel, StepKind, Wait},
    syntax::Fields,
};

/// `parallel wait="all" { lane "name" { … } }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let wait = fields.property("wait").map_or(Some(Wait::All), |value| {
        const WORDS: [(&str, Wait); 3] = [
            ("all", Wait::All),
            ("any", Wait::Any),
            ("settled", Wait::Settled),
        ];
        scalar::word(&value, "`wait`", &WORDS, report)
    });
    let before = names.point();
    let was_in_loop = names.set_in_loop(false);
    let mut exits = Exits::goes_on(fields.span);
    let (mut lanes, mut ends, mut set) = (Vec::new(), Vec::new(), Vec::new());
    let mut is_whole = true;
    for node in fields.children() {
        let mut lane = node.open();
        if lane.name.text != "lane" {
            let near = nearest(&lane.name.text, ["lane"]);
            report.push(
                Diagnostic::error(
                    lane.name.span,
                    format!("`parallel` has lanes, not `{}`", lane.name.text),
                )
                .help(match near {
                    Some(near) => did_you_mean(near),
                    None => "what runs beside the rest goes into a lane: `lane { … }`".to_owned(),
                }),
            );
            is_whole = false;
            names.become_unsure();
            continue;
        }
        let name = scalar::title(lane.argument(), "a lane's name", report);
        names.go_to(&before);
        let mark = names.sets().len();
        let (steps, inner) = block(lane.children(), names, report);
        super::refuse_answers("parallel", &inner, report);
        let own: Vec<u32> = names.sets()[mark..].to_vec();
        let taken = own.iter().find_map(|slot| {
            set.iter()
                .find(|(other, _)| other == slot)
                .map(|(_, span)| (*slot, *span))
        });
        if let Some((slot, first)) = taken {
            report.push(
                Diagnostic::error(
                    lane.span,
                    format!(
                        "two lanes set `{}`, and which of them is last is chance",
                        names.name(slot)
                    ),
                )
                .also(first, "the other lane is here"),
            );
            is_whole = false;
        }
        set.extend(own.into_iter().map(|slot| (slot, lane.span)));
        exits.end_within(inner);
        ends.push(names.point());
        lanes.push(Lane { name, steps });
        lane.finish(report);
    }
    names.set_in_loop(was_in_loop);
    if lanes.is_empty() && is_whole {
        report.push(
            Diagnostic::error(fields.span, "`parallel` has no lanes")
                .help("`parallel { lane { … }; lane { … }; }`"),
        );
        is_whole = false;
    }
    names.go_to(&before);
    match wait {
        // Every lane has come to its end.
        Some(Wait::All) => names.gather(&ends),
        _ => {
            ends.push(before);
            names.meet(&ends);
        }
    }
    let wait = wait.filter(|_| is_whole);
    Checked {
        kind: wait.map(|wait| StepKind::Parallel(Parallel { wait, lanes })),
        exits,
    }
}
