use std::{
    fmt::{self, Write},
    time::SystemTime,
};

use serde_json::Value;
use tracing::{Event, Level, Subscriber, field::Field};
use tracing_subscriber::{
    fmt::{FmtContext, FormatEvent, FormatFields, format::Writer},
    registry::LookupSpan,
};

use super::LogFormat;
use crate::{
    diagnostic::is_harmful,
    observe::{harmless_json, neutral},
    run::timestamp,
};

/// Makes a line of an event. Whatever a sender wrote stays in its place: it cannot begin a line,
/// end a value, or reach the terminal as a control sequence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    pub format: LogFormat,
    pub color: bool,
}

/// A line for people, as the log writes it.
pub(in crate::app) fn told(
    at: SystemTime,
    level: Level,
    message: &str,
    fields: Vec<(&'static str, Value)>,
    color: bool,
) -> String {
    let said = Said {
        message: message.to_owned(),
        fields,
    };
    let mut line = String::new();
    // A text takes whatever is written to it.
    let _ = said.for_people(&timestamp(at), level, color, &mut line);
    line
}

/// What an event says.
#[derive(Default)]
struct Said {
    message: String,
    fields: Vec<(&'static str, Value)>,
}

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'l> LookupSpan<'l>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut out: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut said = Said::default();
        event.record(&mut said);
        let at = timestamp(SystemTime::now());
        let level = *event.metadata().level();
        match self.format {
            LogFormat::Human => said.for_people(&at, level, self.color, &mut out),
            LogFormat::Json => said.as_json(&at, level, &mut out),
        }
    }
}

impl Said {
    /// `2026-11-24T05:10:24.521Z  INFO request method=POST path=/payments status=200 …`
    fn for_people(&self, at: &str, level: Level, color: bool, out: &mut impl Write) -> fmt::Result {
        let sgr = |code: &'static str| if color { code } else { "" };
        let (dim, bold, end) = (sgr("\x1b[2m"), sgr("\x1b[1m"), sgr("\x1b[0m"));
        let tone = sgr(match level {
            Level::ERROR => "\x1b[31m",
            Level::WARN => "\x1b[33m",
            Level::INFO => "\x1b[32m",
            _ => "\x1b[36m",
        });
        write!(out, "{dim}{at}{end} {tone}{level:>5}{end} ")?;
        let loud = if level <= Level::WARN { bold } else { "" };
        write!(
            out,
            "{loud}{}{}",
            neutral(&self.message),
            if loud.is_empty() { "" } else { end }
        )?;
        for (name, value) in &self.fields {
            write!(out, " {dim}{name}={end}")?;
            match value {
                Value::String(text) => write_text(text, out)?,
                value => write!(out, "{value}")?,
            }
        }
        out.write_char('\n')
    }

    fn as_json(&self, at: &str, level: Level, out: &mut impl Write) -> fmt::Result {
        // By hand, for the order of the fields.
        let mut line = format!(
            r#"{{"timestamp":"{at}","level":"{level}","message":{}"#,
            Value::from(&*self.message)
        );
        for (name, value) in &self.fields {
            write!(line, r#","{name}":{value}"#)?;
        }
        out.write_str(&harmless_json(&line))?;
        out.write_str("}\n")
    }
}

// Quoted only where it could be taken for something else.
fn write_text(text: &str, out: &mut impl Write) -> fmt::Result {
    let is_plain =
        |c: char| !c.is_whitespace() && !matches!(c, '"' | '\'' | '\\' | '=') && !is_harmful(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return out.write_str(text);
    }
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    write!(out, "\"{}\"", neutral(&escaped))
}

impl Said {
    fn take(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            (name, value) => self.fields.push((name, value)),
        }
    }
}

impl tracing::field::Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.take(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.take(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.take(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.take(field, value.into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.take(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.take(field, format!("{value:?}").into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: &str = "2026-11-24T05:10:24.521Z";

    fn said(message: &str, fields: &[(&'static str, Value)]) -> Said {
        Said {
            message: message.to_owned(),
            fields: fields.to_vec(),
        }
    }

    fn for_people(said: &Said, color: bool) -> String {
        let mut out = String::new();
        said.for_people(AT, Level::INFO, color, &mut out).unwrap();
        out
    }

    #[test]
    fn values_are_quoted_only_where_they_need_it() {
        let said = said(
            "request",
            &[
                ("path", "/a?b".into()),
                ("branch", "big \"order\"?".into()),
                ("empty", "".into()),
                ("status", 200.into()),
                ("took_ms", 0.778.into()),
            ],
        );
        assert_eq!(
            for_people(&said, false),
            "2026-11-24T05:10:24.521Z  INFO request path=/a?b branch=\"big \\\"order\\\"?\" \
             empty=\"\" status=200 took_ms=0.778\n"
        );
    }

    #[test]
    fn no_sender_can_begin_a_line_or_colour_it() {
        let said = said(
            "deploy \nERROR\x1b[31m",
            &[("path", "/\r\n\u{9b}31m\u{202e}".into())],
        );
        assert_eq!(
            for_people(&said, false),
            "2026-11-24T05:10:24.521Z  INFO deploy ␊ERROR␛[31m path=\"/␍␊\\u{9b}31m\\u{202e}\"\n"
        );
        let colored = for_people(&said, true);
        assert_eq!(colored.matches('\n').count(), 1);
        assert!(!colored.contains("\x1b[31m"));
    }

    #[test]
    fn json_is_one_line_without_controls_that_reads_back_as_it_was() {
        let text = "a\nb\x1b[31m\u{9b}\u{202e}\u{e0041}\"é";
        let mut out = String::new();
        said(text, &[("status", 200.into()), ("took_ms", 0.5.into())])
            .as_json(AT, Level::WARN, &mut out)
            .unwrap();
        assert_eq!(out.matches('\n').count(), 1);
        assert!(!out.trim_end().chars().any(is_harmful), "{out:?}");
        let read: Value = serde_json::from_str(&out).unwrap();
        assert_eq!(read["message"], text);
        assert_eq!(read["status"], 200);
        assert_eq!(read["took_ms"], 0.5);
        assert_eq!(read["level"], "WARN");
        assert_eq!(read["timestamp"], AT);
    }
}
