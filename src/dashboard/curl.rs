use crate::run::FlowShape;
use serde_json::{Map, Value, json};

/// A line for a shell that sends the flow something it can parse: its body paths filled in, as
/// far as they are plain keys. A password is not known here: curl asks for it.
pub fn curl(flow: &FlowShape) -> String {
    let mut body = Map::new();
    let mut headers = Vec::new();
    for variable in &flow.variables {
        match variable.source.split_once(' ') {
            Some(("body", path)) => fill(&mut body, path, sample(variable.kind)),
            Some(("header", name)) => headers.push(format!("{name}: sample")),
            _ => {}
        }
    }
    let method = flow.methods.first().map_or("POST", String::as_str);
    let mut line = String::from("curl -i");
    // With data, curl posts without being told.
    if method != "POST" {
        line.push_str(&format!(" -X {}", quote(method)));
    }
    if let Some(user) = &flow.user {
        line.push_str(&format!(" -u {}", quote(user)));
    }
    line.push_str(&format!(" {}", quote(&url(flow))));
    for header in headers {
        line.push_str(&format!(" -H {}", quote(&header)));
    }
    if method != "GET" {
        line.push_str(" -H 'Content-Type: application/json' -d ");
        line.push_str(&quote(&Value::Object(body).to_string()));
    }
    line
}

// The URL with something in the place of each path parameter.
fn url(flow: &FlowShape) -> String {
    let mut url = flow.url.clone();
    for variable in &flow.variables {
        if let Some(("path", name)) = variable.source.split_once(' ') {
            for parameter in [format!("{{{name}}}"), format!("{{*{name}}}")] {
                url = url.replace(&parameter, "sample");
            }
        }
    }
    url
}

// Puts the value where `order.id` says, unless the path is anything but keys and dots.
fn fill(body: &mut Map<String, Value>, path: &str, value: Value) {
    let plain = |key: &str| {
        !key.is_empty() && !key.starts_with('$') && !key.contains(['[', ']', '\'', '"', '*'])
    };
    match path.split_once('.') {
        None if plain(path) => {
            body.entry(path).or_insert(value);
        }
        Some((key, rest)) if plain(key) => {
            if let Value::Object(inner) = body.entry(key).or_insert_with(|| json!({})) {
                fill(inner, rest, value);
            }
        }
        _ => {}
    }
}

fn sample(kind: Option<&str>) -> Value {
    match kind {
        Some("number" | "integer") => json!(1),
        Some("bool") => json!(true),
        Some("list") => json!([]),
        Some("json") => json!({}),
        _ => json!("sample"),
    }
}

fn quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/:.-_~".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::VariableShape;

    #[test]
    fn body_paths_and_headers_are_filled_in() {
        let variable = |source: &str, kind| VariableShape {
            name: String::new(),
            label: None,
            source: source.to_owned(),
            kind,
        };
        let flow = FlowShape {
            url: "https://h.example.org/{a}?b=c".to_owned(),
            methods: vec!["PUT".to_owned()],
            user: Some("the shop".to_owned()),
            variables: vec![
                variable("path a", None),
                variable("body order.id", None),
                variable("body order.amount", Some("number")),
                variable("body order.id.deeper", None),
                variable("body $.items[*].sku", None),
                variable("header X-It's", None),
                variable("set", None),
            ],
            ..FlowShape::default()
        };
        assert_eq!(
            curl(&flow),
            "curl -i -X PUT -u 'the shop' 'https://h.example.org/sample?b=c' -H 'X-It'\\''s: sample' \
             -H 'Content-Type: application/json' -d '{\"order\":{\"amount\":1,\"id\":\"sample\"}}'"
        );
    }
}
