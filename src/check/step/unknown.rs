use super::{retry, step_words};
use crate::{
    check::{names::Names, scalar::quoted},
    diagnostic::{Diagnostic, Report, did_you_mean, nearest},
    syntax::Word,
};

/// Tells of a word that is no step.
pub(super) fn unknown(name: &Word, names: &mut Names, report: &mut Report) {
    let word = &*name.text;
    let help = match (word, nearest(word, step_words())) {
        ("when" | "otherwise", _) => format!("`{word}` stands inside a `branch`"),
        ("on-error", _) => {
            "`on-error` stands in a flow, or in the block of the step that may fail".to_owned()
        }
        ("retry", _) => format!("`retry` stands in the block of {}", retry::places()),
        ("mode" | "timeout", _) => {
            format!("it is a property of the flow: `flow \"…\" {word}=\"…\"`")
        }
        ("auth" | "parse" | "methods" | "accept", _) => {
            format!("`{word}` stands inside the `webhook`")
        }
        ("if" | "switch" | "match" | "case", _) => {
            "did you mean `branch { when \"…\" { … } }`?".to_owned()
        }
        ("return" | "reply" | "response" | "answer", _) => "did you mean `respond`?".to_owned(),
        ("run" | "shell" | "sh" | "command" | "cmd", _) => "did you mean `exec`?".to_owned(),
        ("let" | "var" | "assign", _) => "did you mean `set`?".to_owned(),
        ("print" | "echo", _) => "did you mean `log`?".to_owned(),
        ("end" | "exit", _) => "did you mean `stop`?".to_owned(),
        ("error" | "throw" | "raise" | "abort", _) => "did you mean `fail`?".to_owned(),
        (_, Some(near)) => did_you_mean(near),
        (_, None) => format!("there are {}", quoted(&step_words().collect::<Vec<_>>())),
    };
    report.push(Diagnostic::error(name.span, format!("there is no step `{word}`")).help(help));
    // Its block, if it has one, is as unknown as the step.
    names.become_unsure();
}
