use std::{
    env, io,
    path::{self, Path, PathBuf},
    process::Command,
};

use bytes::Bytes;

use crate::{
    engine::{Scope, effect::Failure, step, walk::Walk},
    expr::Template,
    model::{self, Exec},
};

/// What a program gets of the server's own environment.
const INHERITED: [&str; 5] = ["PATH", "HOME", "USER", "LANG", "TZ"];

/// A program and all that it is given, for one try.
pub(super) struct Invocation {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    directory: PathBuf,
    stdin: Option<Bytes>,
}

impl Invocation {
    /// Renders what a step says.
    ///
    /// # Errors
    /// Something cannot be rendered, or cannot be given to a program.
    pub fn new(exec: &Exec, walk: &Walk<'_>) -> Result<Self, Failure> {
        let scope = walk.scope();
        let arguments = exec.arguments.iter().enumerate();
        let arguments = arguments.map(|(i, template)| argument(exec, i, template, &scope));
        let environment = exec.environment.iter().map(|(name, template)| {
            let what = format!("the environment variable `{name}`");
            let value = render(template, &what, &scope)?;
            Ok((name.clone(), without_nul(value, &what)?))
        });
        let stdin = match &exec.stdin {
            model::Stdin::Empty => None,
            model::Stdin::Text(template) => Some(Bytes::from(render(template, "`stdin`", &scope)?)),
            model::Stdin::Body => Some(walk.course.input.request.body.clone()),
        };
        Ok(Self {
            program: exec.program.clone(),
            arguments: arguments.collect::<Result<_, _>>()?,
            environment: environment.collect::<Result<_, Failure>>()?,
            directory: exec.directory.clone(),
            stdin,
        })
    }

    /// The command to be started.
    pub fn command(&self) -> Command {
        // A path is relative to where the server runs, not to where the program is to.
        let program = match path::absolute(&self.program) {
            Ok(absolute) if self.is_path() => absolute,
            _ => self.program.clone(),
        };
        let inherited = INHERITED
            .iter()
            .filter_map(|name| Some((name, env::var_os(name)?)));
        let mut command = Command::new(program);
        command
            .args(&self.arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(inherited)
            .envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }

    /// What it can read from standard input, in parts.
    pub fn input(&self) -> Vec<Bytes> {
        self.stdin.iter().cloned().collect()
    }

    /// Whether the program is a path, and no name to be looked for in `PATH`.
    fn is_path(&self) -> bool {
        self.program.parent() != Some(Path::new(""))
    }

    /// Why the program, shown by this name, could not be started.
    pub fn explain(&self, name: &str, error: &io::Error) -> Failure {
        use io::ErrorKind;
        let directory = self.directory.display();
        let is_path = self.is_path();
        Failure::lasting(match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory if !self.directory.is_dir() => {
                format!("there is no directory `{directory}` for `{name}` to run in")
            }
            ErrorKind::NotFound if is_path && self.program.exists() => format!(
                "`{name}` cannot be run: the interpreter that its first line names is not there"
            ),
            ErrorKind::NotFound | ErrorKind::NotADirectory if is_path => {
                // As short as it can be written: `./deploy.sh`, and not `././deploy.sh`.
                let program: PathBuf = self.program.components().collect();
                format!("there is no program `{}`", program.display())
            }
            ErrorKind::NotFound => format!("there is no program `{name}` in the PATH"),
            ErrorKind::PermissionDenied => {
                format!("`{name}` cannot be run: it is not executable for this user")
            }
            ErrorKind::ArgumentListTooLong => {
                format!("`{name}` cannot be run: its arguments are too long")
            }
            _ if error.raw_os_error() == Some(rustix::io::Errno::NOEXEC.raw_os_error()) => format!(
                "`{name}` cannot be run: it is no program for this system; a script starts with `#!`"
            ),
            // What the system is short of now it may have again.
            _ => return Failure::passing(format!("`{name}` could not be started: {error}")),
        })
    }
}

fn argument(
    exec: &Exec,
    i: usize,
    template: &Template,
    scope: &Scope<'_>,
) -> Result<String, Failure> {
    let what = format!("argument {} of `{}`", i + 1, exec.name);
    let text = without_nul(render(template, &what, scope)?, &what)?;
    if text.starts_with('-') && !exec.may_dash && !writes_dash(template) {
        return Err(Failure::lasting(format!(
            "{what} came to a text that begins with `-`, which the program may take for an option"
        )));
    }
    Ok(text)
}

/// Whether it is the file that puts a dash before an argument, and says which option it is:
/// `-v`, `--name={{ name }}`, but not `-{{ name }}`.
fn writes_dash(template: &Template) -> bool {
    if template.as_constant().is_some() {
        return true;
    }
    let text = template.text();
    let literal = text.find('{').map_or(text, |at| &text[..at]);
    literal.starts_with('-') && literal.contains(|c| c != '-')
}

fn without_nul(text: String, what: &str) -> Result<String, Failure> {
    if text.contains('\0') {
        // How a program is told where a text ends (execve(2)).
        return Err(Failure::lasting(format!(
            "{what} came to a text with a NUL byte, which no program can be given"
        )));
    }
    Ok(text)
}

fn render(template: &Template, what: &str, scope: &Scope<'_>) -> Result<String, Failure> {
    step::render::render(template, what, scope).map_err(Failure::lasting)
}
