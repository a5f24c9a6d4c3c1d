use super::parts::{members, optional, text};
use crate::{
    event::{Doubt, Reroute, Rerouted},
    observe,
    run::Value,
};

pub(super) fn rerouted_json(rerouted: &Rerouted) -> Value {
    let mut told = observe::rerouted_json(rerouted);
    told["revision"] = (&*rerouted.revision).into();
    told
}

pub(super) fn read_rerouted(line: &Value) -> Rerouted {
    Rerouted {
        revision: text(&line["revision"]).into(),
        looked_at: line["requests"]
            .as_u64()
            .and_then(|count| usize::try_from(count).ok())
            .unwrap_or_default(),
        changed: members(&line["changed"])
            .map(|request| Reroute {
                id: text(&request["id"]),
                flow: text(&request["flow"]),
                was: text(&request["was"]),
                now: text(&request["now"]),
                location: optional(&request["location"]),
            })
            .collect(),
        unknown: members(&line["unknown"])
            .map(|request| Doubt {
                id: text(&request["id"]),
                flow: text(&request["flow"]),
                was: text(&request["was"]),
                why: text(&request["why"]),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_the_same() {
        let rerouted = Rerouted {
            revision: "3f2a91c".into(),
            looked_at: 50,
            changed: vec![Reroute {
                id: "a".to_owned(),
                flow: "deploy".to_owned(),
                was: "prod".to_owned(),
                now: "staging".to_owned(),
                location: Some("flows.kdl:27".to_owned()),
            }],
            unknown: vec![Doubt {
                id: "b".to_owned(),
                flow: "order".to_owned(),
                was: "big".to_owned(),
                why: "it was cut off there".to_owned(),
            }],
        };
        assert_eq!(read_rerouted(&rerouted_json(&rerouted)), rerouted);
    }
}
