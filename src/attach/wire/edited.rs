use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use super::parts::members;
use crate::{
    observe::Edited,
    run::{RunId, Value, bytes_json, json_bytes},
};

/// As the request of a record is told.
pub(super) fn edited_json(edited: &Edited) -> Value {
    let headers = edited.headers.iter();
    json!({
        "method": edited.method.as_str(),
        "target": edited.target.to_string(),
        "headers": headers
            .map(|(name, value)| json!([name.as_str(), bytes_json(value.as_bytes())]))
            .collect::<Vec<_>>(),
        "body": bytes_json(&edited.body),
    })
}

pub(super) fn read_edited(run: RunId, request: &Value) -> Result<Edited, String> {
    let text = |name: &str| request[name].as_str().ok_or(format!("it has no `{name}`"));
    let mut headers = HeaderMap::new();
    for pair in members(&request["headers"]) {
        let name = pair[0].as_str().unwrap_or_default();
        headers.append(
            HeaderName::from_bytes(name.as_bytes()).map_err(unreadable)?,
            HeaderValue::from_bytes(&json_bytes(&pair[1])?).map_err(unreadable)?,
        );
    }
    let body = &request["body"];
    Ok(Edited {
        run,
        method: text("method")?.parse().map_err(unreadable)?,
        target: text("target")?.parse().map_err(unreadable)?,
        headers,
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
