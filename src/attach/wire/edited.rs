use serde_json::json;

use crate::{
    observe::Edited,
    run::{RunId, Value, bytes_json, headers_json, json_bytes, json_headers},
};

/// As the request of a record is told.
pub(super) fn edited_json(edited: &Edited) -> Value {
    json!({
        "method": edited.method.as_str(),
        "target": edited.target.to_string(),
        "headers": headers_json(&edited.headers),
        "body": bytes_json(&edited.body),
    })
}

pub(super) fn read_edited(run: RunId, request: &Value) -> Result<Edited, String> {
    let text = |name: &str| request[name].as_str().ok_or(format!("it has no `{name}`"));
    let body = &request["body"];
    Ok(Edited {
        run,
        method: text("method")?.parse().map_err(unreadable)?,
        target: text("target")?.parse().map_err(unreadable)?,
        headers: json_headers(&request["headers"])?,
        body: if body.is_null() {
            Default::default()
        } else {
            json_bytes(body)?.into()
        },
    })
}

fn unreadable(error: impl std::fmt::Display) -> String {
    error.to_string()
}
