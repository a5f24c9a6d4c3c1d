use std::{sync::Arc, time::Duration};

use serde_json::json;

use super::Redact;
use crate::{
    event::{Accepted, Answered},
    run::{Value, micros, timestamp},
};

/// That a run was accepted, and what its caller was answered, where that is known.
pub(super) fn accepted_json(accepted: &Accepted, redact: &Redact) -> Value {
    let mut told = json!({
        "id": accepted.id.to_string(),
        "flow": &*accepted.flow.name,
        "at": timestamp(accepted.at),
    });
    if let Some(answered) = &accepted.answered {
        told["method"] = answered.method.as_str().into();
        told["path"] = (redact.text)(&answered.path).into();
        told["status"] = answered.status.as_u16().into();
        told["took_us"] = micros(answered.took).into();
    }
    told
}

pub(super) fn read_answered(line: &Value) -> Option<Arc<Answered>> {
    let status = u16::try_from(line["status"].as_u64()?).ok()?;
    Some(Arc::new(Answered {
        method: line["method"].as_str()?.parse().ok()?,
        path: line["path"].as_str()?.to_owned(),
        status: http::StatusCode::from_u16(status).ok()?,
        took: Duration::from_micros(line["took_us"].as_u64()?),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_back_without_its_secrets() {
        let answered = Answered {
            method: http::Method::POST,
            path: "/deploy/hunter2".to_owned(),
            status: http::StatusCode::ACCEPTED,
            took: Duration::from_micros(1_234),
        };
        let accepted = Accepted {
            id: crate::run::RunId::from_u128(7),
            flow: Arc::default(),
            at: std::time::UNIX_EPOCH,
            answered: Some(Arc::new(answered.clone())),
        };
        let redact = Redact {
            record: Box::new(|_| Value::Null),
            text: Box::new(|text| text.replace("hunter2", "[redacted]")),
        };
        let told = accepted_json(&accepted, &redact);
        let expected = Answered {
            path: "/deploy/[redacted]".to_owned(),
            ..answered
        };
        assert_eq!(read_answered(&told).as_deref(), Some(&expected));
        let unknown = Accepted {
            answered: None,
            ..accepted
        };
        assert_eq!(read_answered(&accepted_json(&unknown, &redact)), None);
    }
}
