use std::{path::PathBuf, time::Duration};

use crate::expr::Template;

/// `exec "program" "argument"… as="…" { … }`.
#[derive(Debug)]
pub struct Exec {
    /// The program as written, to be shown.
    pub name: String,
    /// The program: a path if it has a slash, else a name to be looked for in `PATH`.
    pub program: PathBuf,
    /// Its arguments, each a single one whatever it comes to.
    pub arguments: Vec<Template>,
    /// Whether what is put into an argument may begin it with a dash.
    pub may_dash: bool,
    /// The environment variables that it gets beside those every program gets.
    pub environment: Vec<(String, Template)>,
    /// What it can read from standard input.
    pub stdin: Stdin,
    /// The directory it runs in.
    pub directory: PathBuf,
    /// How long it may run.
    pub timeout: Duration,
    /// The exit codes that are a success.
    pub accept_codes: Vec<u8>,
    /// How many bytes are kept of standard output, and of standard error.
    pub max_output: usize,
    /// The variable that takes what came of it.
    pub output: Option<u32>,
}

/// What a program can read from standard input.
#[derive(Debug)]
pub enum Stdin {
    /// Nothing.
    Empty,
    /// A text.
    Text(Template),
    /// The body of the request, byte for byte.
    Body,
}

impl Exec {
    /// The templates that may name a secret.
    pub fn secretive(&self) -> impl Iterator<Item = &Template> {
        let stdin = match &self.stdin {
            Stdin::Text(template) => Some(template),
            Stdin::Empty | Stdin::Body => None,
        };
        self.environment
            .iter()
            .map(|(_, template)| template)
            .chain(stdin)
    }
}
