use super::{Page, Tone, message::request_line};
use crate::{
    observe::Edited,
    run::{FlowShape, RunRecord, StepDetail, StepRecord},
};

/// What there is to know before a run is sent again: what it did outside.
pub fn resend(record: &RunRecord) -> Page {
    let mut page = Page::default();
    let request = &record.request;
    request_line(&mut page, &request.method, &request.uri);
    page.text(
        Tone::Plain,
        0,
        "is run again as the file says now, with the same body. Its credentials are not checked again.",
    );
    page.blank();
    let shape = record.flow.as_deref();
    let mut effects = Vec::new();
    if record.detailed {
        ran(shape, &record.steps, &mut effects);
    } else {
        effects.extend(shape.into_iter().flat_map(|shape| {
            let steps = shape.steps.iter();
            steps
                .filter(|step| step.acts())
                .map(|step| (step.kind, step.title.clone()))
        }));
    }
    page.line().put(
        Tone::Accent,
        match (effects.is_empty(), record.detailed) {
            (true, true) => "It did nothing outside: no http and no exec step ran.",
            (true, false) => "Its flow does nothing outside.",
            (false, true) => "It did this outside:",
            (false, false) => "What it did was not recorded. Its flow may do this outside:",
        },
    );
    for (kind, action) in effects {
        page.line()
            .put(Tone::Warn, "  ! ")
            .put(Tone::Strong, kind)
            .put(Tone::Plain, &format!(" {action}"))
            .hang(6);
    }
    page
}

/// What there is to know before an edited request is sent: what may be done outside.
pub fn send(edited: &Edited, effects: &[String]) -> Page {
    let mut page = Page::default();
    request_line(&mut page, &edited.method, &edited.target);
    page.text(
        Tone::Plain,
        0,
        "is run as it was edited, as the file says now, in the place of the run it was made of: a \
         dead one is no more then. Credentials are not checked again.",
    );
    page.blank();
    page.line().put(
        Tone::Accent,
        if effects.is_empty() {
            "Its flow does nothing outside."
        } else {
            "Its flow may do this outside:"
        },
    );
    for effect in effects {
        page.line()
            .put(Tone::Warn, "  ! ")
            .put(Tone::Plain, effect)
            .hang(6);
    }
    page
}

/// The effects of steps that ran, of called flows too.
fn ran(shape: Option<&FlowShape>, steps: &[StepRecord], effects: &mut Vec<(&'static str, String)>) {
    for ran in steps {
        let step = shape.and_then(|shape| shape.step(ran.step));
        let kind = step.map_or("step", |step| step.kind);
        match &ran.detail {
            StepDetail::Effect { action, .. } => effects.push((kind, action.clone())),
            StepDetail::Call(call) => self::ran(Some(&call.flow), &call.steps, effects),
            // One that failed may have acted all the same.
            _ => effects.extend(
                step.filter(|step| step.acts())
                    .map(|step| (step.kind, step.title.clone())),
            ),
        }
    }
}
