use crate::{engine::Scope, graph::Trigger, queue::Dedupe};

/// Why no run is made of a request that came before.
pub(super) const DUPLICATE: &str = "a request with this key came before";

/// By what the request is known to have come before. A key of no text would make one of all that
/// lack what it is made of: such a request is taken as new.
pub(super) fn dedupe_key(trigger: &Trigger, scope: &Scope<'_>) -> Result<Option<Dedupe>, String> {
    let Some(dedupe) = &trigger.dedupe else {
        return Ok(None);
    };
    let key = dedupe.key.render(scope).map_err(|error| error.message)?;
    let window = dedupe.window;
    Ok((!key.trim().is_empty()).then_some(Dedupe { key, window }))
}
