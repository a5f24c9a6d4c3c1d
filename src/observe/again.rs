use super::{REDACTED, untagged};
use crate::run::{Outcome, RunRecord};

/// Why a request is not sent again whose body is not known to its end.
pub const CUT: &str = "its body was too long to be kept whole";
/// Why one is not whose body is not what was sent.
pub const OBSCURED: &str = "its body had a secret in it, which was not kept";
/// Why one is not that was never let in.
pub const SHUT_OUT: &str = "it was refused before its body was read";

/// Whether a request has passed authentication, and was read: nobody asks for credentials when it is
/// sent again. `at_step` says whether a step failed.
pub fn was_let_in(outcome: Option<Outcome>, status: Option<u16>, at_step: bool) -> bool {
    /// What is answered to a request whose values are not what the flow requires, which is found
    /// out after its credentials have passed.
    const UNPROCESSABLE: u16 = 422;
    match outcome {
        Some(Outcome::Refused) => status == Some(UNPROCESSABLE),
        // It may have failed before the credentials were looked at.
        Some(Outcome::Failed) => at_step,
        _ => true,
    }
}

/// Why a run cannot be sent again, as far as its record tells. Whether all of its body is kept is
/// for the server to say.
pub fn why_not_again(record: &RunRecord) -> Option<&'static str> {
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let step = record.error.as_ref().and_then(|error| error.step);
    if record.outcome == Outcome::Dead {
        // Its request is kept as it was.
        return None;
    }
    if !was_let_in(Some(record.outcome), status, step.is_some()) {
        return Some(SHUT_OUT);
    }
    let body = String::from_utf8_lossy(&record.request.body);
    untagged(&body).contains(REDACTED).then_some(OBSCURED)
}
