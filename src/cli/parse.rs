use std::{
    io::{self, IsTerminal},
    path::PathBuf,
};

use super::{Exit, output, sample};
use crate::{
    app::{
        self, Disk,
        scaffold::{Addition, Refusal},
    },
    draft::{Origin, Printed, Sample, Scaffold},
};

const EXAMPLES: &str = "Examples:
  hookyard parse 'https://hooks.example.org/?query[0][a]=1&tag=x'
  hookyard parse '{\"order\": {\"id\": \"A-1\"}, \"amount\": 5}'
  curl -s https://api.example.org/sample | hookyard parse
  hookyard parse --query 'a=1' --body @order.json --header 'X-Id: 1'
  hookyard parse @order.json --flow payment            what the flow does not read yet
  hookyard parse @order.json --flow payment --write    put it into flows.kdl

Each SAMPLE, TEXT, JSON and LINES is the sample itself, @FILE, or - for standard input. Values that
look secret are shown as ***.";

/// `hookyard parse [SAMPLE]`: samples -> a `parse` block.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub(super) struct Parse {
    /// A URL, a query or JSON; @FILE reads it from a file, - from standard input
    sample: Option<String>,
    /// A query, or a URL with one; without TEXT, SAMPLE is one
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "-")]
    query: Vec<String>,
    /// A JSON body; without JSON, SAMPLE is one
    #[arg(long, value_name = "JSON", num_args = 0..=1, default_missing_value = "-")]
    body: Vec<String>,
    /// Headers, as `Name: value` lines; without LINES, SAMPLE is some
    #[arg(long, value_name = "LINES", num_args = 0..=1, default_missing_value = "-")]
    header: Vec<String>,
    /// Inner places, every item of a list, and credentials among headers, too
    #[arg(long)]
    all: bool,
    /// Only what this flow does not read yet
    #[arg(long, value_name = "NAME")]
    flow: Option<String>,
    /// Put the lines into the flow's `parse`
    #[arg(long, requires = "flow")]
    write: bool,
    /// The configuration's entry file
    #[arg(long, requires = "flow", default_value = "flows.kdl", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
}

impl Parse {
    pub fn run(self) -> Exit {
        let given = match self.given() {
            Ok(given) => given,
            Err(message) => return output::misuse(message),
        };
        let samples: Result<Vec<Sample>, String> = given
            .iter()
            .map(|(argument, origin)| sample::read(argument, *origin))
            .collect();
        let scaffold = match samples {
            Ok(samples) => Scaffold::new(&samples, self.all),
            Err(why) => return output::fail(&why),
        };
        match &self.flow {
            None => block(&scaffold),
            Some(flow) => self.add(&scaffold, flow),
        }
    }

    /// The samples: what each argument holds, and what it was said to be.
    fn given(&self) -> Result<Vec<(&str, Option<Origin>)>, &'static str> {
        let flags = [
            (&self.header, Origin::Header),
            (&self.query, Origin::Query),
            (&self.body, Origin::Body),
        ];
        let mut given: Vec<(&str, Option<Origin>)> = flags
            .iter()
            .flat_map(|(values, origin)| values.iter().map(|value| (&**value, Some(*origin))))
            .collect();
        // A flag without a value says what the sample is.
        let bare = given.iter().position(|(value, _)| *value == "-");
        match (bare, &self.sample) {
            (Some(at), Some(sample)) => given[at].0 = sample,
            (None, Some(sample)) => given.push((sample, None)),
            (None, None) if given.is_empty() => given.push(("-", None)),
            (_, None) => {}
        }
        let from_stdin = |(value, _): &&(&str, _)| matches!(*value, "-" | "@-");
        if given.iter().filter(from_stdin).count() > 1 {
            return Err("standard input can only be one of the samples");
        }
        let is_implied = self.sample.is_none() && given.iter().any(|(value, _)| *value == "-");
        if is_implied && io::stdin().is_terminal() {
            return Err("there is no sample: give a URL, a query or JSON, @FILE, or pipe it in");
        }
        Ok(given)
    }

    fn add(&self, scaffold: &Scaffold, flow: &str) -> Exit {
        let addition = match Addition::new(scaffold, &self.file, flow, &Disk) {
            Ok(addition) => addition,
            Err(refusal) => return refused(refusal),
        };
        let file = addition.file.display();
        let (new, there) = (&addition.printed.lines, &addition.there);
        tell(&addition.printed);
        if !self.write {
            if new.is_empty() && io::stdout().is_terminal() {
                output::complain(&format!(
                    "hookyard: the flow {flow:?} reads all of it already\n"
                ));
            }
            return output::print(
                &new.iter()
                    .map(|line| format!("{line}\n"))
                    .collect::<String>(),
            );
        }
        if let Err(refusal) = addition.write() {
            return refused(refusal);
        }
        let mut text = format!(
            "{file}: flow {flow:?}: {} added, {} there already\n",
            new.len(),
            there.len()
        );
        for line in new {
            text += &format!("  + {line}\n");
        }
        for line in there {
            text += &format!("  = {line}\n");
        }
        output::print(&text)
    }
}

fn block(scaffold: &Scaffold) -> Exit {
    let printed = scaffold.lines();
    tell(&printed);
    if printed.lines.is_empty() {
        return output::fail("there is nothing in the sample that a line could read");
    }
    let exit = output::print(&Scaffold::block(&printed));
    if io::stdout().is_terminal() {
        output::complain(
            "hookyard: put it into a flow's `webhook`, or let `--flow NAME --write` do it\n",
        );
    }
    exit
}

/// What is missing is always told, what was left out only to somebody who looks on.
fn tell(printed: &Printed) {
    let is_watched = io::stdout().is_terminal();
    let hints = printed.hints.iter().filter(|_| is_watched);
    for line in printed.notes.iter().chain(hints) {
        output::complain(&format!("hookyard: {line}\n"));
    }
}

fn refused(refusal: Refusal) -> Exit {
    let draw = |report: &crate::diagnostic::Report| report.render(app::style(&io::stderr()));
    match refusal {
        Refusal::Broken(report) => {
            output::complain(&draw(&report));
            Exit::BrokenConfiguration
        }
        Refusal::WouldBreak(report) => {
            output::complain(&draw(&report));
            output::misuse("with these lines the configuration would be broken: nothing is written")
        }
        Refusal::NoFlow(message) => output::misuse(&message),
        Refusal::Failed(message) => output::fail(&message),
    }
}
