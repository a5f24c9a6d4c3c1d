use std::fmt;

use serde_json::json;

use super::Verdict;
use crate::{observe::neutral, run::Value};

/// A walk over a run without its effects, beside the story of the run that it repeats.
#[derive(Debug)]
pub struct Rehearsed {
    /// The steps that were walked, in order.
    pub steps: Vec<RehearsedStep>,
    /// How the way it takes compares.
    pub path: Verdict,
    /// How its end compares.
    pub outcome: Verdict,
    /// How it ends, where that is known.
    pub ends: Option<String>,
    /// Its story, with the id and the time of the run that it repeats.
    pub record: Value,
}

impl Rehearsed {
    /// The same for machines, in the words of a record where it has them.
    pub fn json(&self) -> Value {
        let is_known = self.ends.is_some();
        let known = |place: &str| self.record.pointer(place).filter(|_| is_known);
        let steps = self.steps.iter().map(|step| {
            json!({
                "step": step.told,
                "verdict": step.verdict.to_string(),
                "why": step.why,
            })
        });
        json!({
            "steps": steps.collect::<Vec<_>>(),
            "taken": self.record["taken"],
            "path": self.path.to_string(),
            "end": self.outcome.to_string(),
            "outcome": known("/outcome"),
            "error": known("/error/message"),
        })
    }
}

impl fmt::Display for Rehearsed {
    /// In lines, each of them neutral.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "  {:<9}{}", step.verdict, neutral(&step.told))?;
        }
        write!(f, "  path: {}, end: {}", self.path, self.outcome)?;
        if let Some(ends) = &self.ends {
            write!(f, " ({})", neutral(ends))?;
        }
        writeln!(f)
    }
}

/// A step that was walked.
#[derive(Debug)]
pub struct RehearsedStep {
    /// The step, in a line.
    pub told: String,
    /// How it compares.
    pub verdict: Verdict,
    /// Why, in a sentence, where it is not the same.
    pub why: Option<String>,
}
