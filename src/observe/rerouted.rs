use serde_json::json;

use crate::{event::Rerouted, run::Value};

/// Which requests would go another way, as JSON.
pub fn rerouted_json(rerouted: &Rerouted) -> Value {
    json!({
        "requests": rerouted.looked_at,
        "changed": rerouted.changed.iter().map(|request| json!({
            "id": request.id,
            "flow": request.flow,
            "was": request.was,
            "now": request.now,
            "location": request.location,
        })).collect::<Vec<_>>(),
        "unknown": rerouted.unknown.iter().map(|request| json!({
            "id": request.id,
            "flow": request.flow,
            "was": request.was,
            "why": request.why,
        })).collect::<Vec<_>>(),
    })
}
