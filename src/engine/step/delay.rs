use std::time::{Duration, SystemTime};

use super::{Done, Goes};
use crate::{
    engine::{pause, walk::Walk},
    expr::Template,
    graph::{Step, StepId},
    run::{LONGEST_DURATION, StepDetail, parse_duration},
};

/// Waits. When it is over is kept, so that a restart makes it no longer.
pub(super) async fn take(
    walk: &mut Walk<'_>,
    id: StepId,
    step: &Step,
    template: &Template,
) -> Done {
    let length = match length(walk, template) {
        Ok(length) => length,
        Err(why) => {
            return Done::failed(why);
        }
    };
    let detail = walk.is_detailed().then_some(StepDetail::Delay(length));
    let key = walk.key(id);
    let journal = walk.course.journal;
    let due = match journal.recall(&key) {
        Some(due) => pause::from_value(&due),
        None => {
            let due = SystemTime::now() + length;
            journal.keep(key.clone(), pause::to_value(due)).await;
            due
        }
    };
    let goes = match pause::until(walk, &key, due, length).await {
        Some(end) => Goes::Ends(end),
        None => Goes::To(step.next),
    };
    Done {
        goes: Ok(goes),
        detail,
    }
}

fn length(walk: &Walk<'_>, template: &Template) -> Result<Duration, String> {
    let text = template
        .render(&walk.scope())
        .map_err(|error| error.message)?;
    parse_duration(text.trim())
        .filter(|length| *length <= LONGEST_DURATION)
        .ok_or_else(|| {
            format!(
                "{text:?} is no time to wait: it takes \"10s\", \"5m\" or \"3d\", up to 365 days"
            )
        })
}
