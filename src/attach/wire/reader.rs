use std::sync::Arc;

use super::{
    accepted::read_answered,
    body::read_body,
    counts::read_counts,
    hello::ServerHello,
    loaded::{read_loaded, read_rejected, time},
    parts::texts,
    progress::read_progress,
    rerouted::read_rerouted,
    tally::read_tally,
};
use crate::{
    event::{Accepted, Event, Parked, Started},
    observe::{Shapes, Told, Tried, read_record},
    run::{FlowShape, RunId, RunRecord, Value},
};

/// Reads what a server tells, line by line.
#[derive(Debug, Default)]
pub struct Reader {
    shapes: Shapes,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The server's first line.
    Hello(ServerHello),
    /// Something to be told, and its place in the stream, where it has one.
    Told(Option<u64>, Told),
    /// Something this version knows nothing of.
    Nothing,
}

impl Reader {
    /// Reads a line.
    ///
    /// # Errors
    /// It is none of this protocol; the sentence says why.
    pub fn read(&mut self, text: &str) -> Result<Heard, String> {
        let line: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let told = match line["type"].as_str() {
            Some("hello") => return Ok(Heard::Hello(ServerHello::read(&line)?)),
            Some("snapshot") => Told::Anew,
            Some("live") => Told::Live,
            Some("loaded") => {
                let loaded = Arc::new(read_loaded(&line));
                self.shapes.learn(&loaded);
                Told::Event(Event::Loaded(loaded))
            }
            Some("rejected") => Told::Event(Event::Rejected(Arc::new(read_rejected(&line)))),
            Some("rerouted") => Told::Event(Event::Rerouted(Arc::new(read_rerouted(&line)))),
            Some("accepted") => Told::Event(Event::Accepted(self.accepted(&line)?)),
            Some("started") => {
                let Accepted { id, flow, at, .. } = self.accepted(&line)?;
                Told::Event(Event::Started(Started { id, flow, at }))
            }
            Some("parked") => {
                let Accepted { id, flow, at, .. } = self.accepted(&line)?;
                let due = time(&line["due"]);
                Told::Event(Event::Parked(Parked { id, flow, at, due }))
            }
            Some("step") => {
                let flow = |name: &str| self.flow(name);
                let progress =
                    read_progress(&line, flow).ok_or("a step has no place in its run")?;
                Told::Event(Event::Progress(progress))
            }
            Some("run") => self.run(&line)?,
            Some("stats") => Told::Event(Event::Tally(Arc::new(read_tally(&line)))),
            Some("counts") => Told::Event(Event::Counts(Arc::new(read_counts(&line)))),
            Some("draining") => Told::Event(Event::Draining),
            Some("notice") => Told::Event(Event::Notice(text_of(&line, "text").into())),
            Some("gap") => Told::Gap(line["lost"].as_u64().unwrap_or_default()),
            Some("answer") if line["tried"].is_string() => {
                let is_told = line["record"].is_object();
                let record = is_told.then(|| self.record(&line)).transpose()?;
                Told::Tried(read_tried(&line)?, record)
            }
            Some("answer") if line["source"].is_string() => Told::Source {
                title: text_of(&line, "title").to_owned(),
                text: text_of(&line, "source").to_owned(),
            },
            Some("answer") if line["body"].is_string() => read_body(&line)?,
            Some("answer") if line["record"].is_object() => self.run(&line)?,
            Some("found") => Told::Found {
                count: line["count"].as_u64().unwrap_or_default(),
                of: line["of"].as_u64().unwrap_or_default(),
            },
            Some("past") => Told::Past(self.record(&line)?),
            Some("answer") if line["run"].is_string() => Told::Begun {
                title: text_of(&line, "title").to_owned(),
                text: text_of(&line, "text").to_owned(),
                run: RunId::parse(text_of(&line, "run")).ok_or("a new run has no id")?,
            },
            Some("answer") => Told::Answer {
                title: text_of(&line, "title").to_owned(),
                text: text_of(&line, "text").to_owned(),
            },
            Some("refused") => Told::Over(text_of(&line, "text").to_owned()),
            _ => return Ok(Heard::Nothing),
        };
        Ok(Heard::Told(line["seq"].as_u64(), told))
    }

    fn run(&self, line: &Value) -> Result<Told, String> {
        Ok(Told::Event(Event::Finished(self.record(line)?)))
    }

    fn record(&self, line: &Value) -> Result<Arc<RunRecord>, String> {
        let record = read_record(&line["record"], &self.shapes)?;
        Ok(Arc::new(record))
    }

    fn flow(&self, name: &str) -> Arc<FlowShape> {
        let flow = self.shapes.current(name);
        flow.unwrap_or_else(|| Arc::new(FlowShape::named(name)))
    }

    fn accepted(&self, line: &Value) -> Result<Accepted, String> {
        Ok(Accepted {
            id: RunId::parse(text_of(line, "id")).ok_or("a run that has not ended has no id")?,
            flow: self.flow(text_of(line, "flow")),
            at: time(&line["at"]),
            answered: read_answered(line),
        })
    }
}

fn read_tried(line: &Value) -> Result<Tried, String> {
    let effects = line["effects"].is_array();
    Ok(Tried {
        run: RunId::parse(text_of(line, "tried")).ok_or("what was tried has no id")?,
        title: text_of(line, "title").to_owned(),
        text: text_of(line, "text").to_owned(),
        effects: effects.then(|| texts(&line["effects"])),
    })
}

fn text_of<'v>(line: &'v Value, name: &str) -> &'v str {
    line[name].as_str().unwrap_or_default()
}
