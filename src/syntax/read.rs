//! A configuration, from its entry file through all it includes.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::parse::parse;
use super::{Files, Node, Text, Tree};
use crate::diagnostic::{Diagnostic, Report, Span};

/// How far includes may lead: more is a mistake, not a layout.
const FURTHEST: usize = 16;

/// Reads a configuration. Everything wrong with its files goes to the report, all at once.
pub fn read(entry: &Path, files: &dyn Files, report: &mut Report) -> Tree {
    let mut reader = Reader {
        files,
        report,
        tree: Tree {
            complete: true,
            ..Tree::default()
        },
        read: Vec::new(),
        open: Vec::new(),
    };
    let nodes = reader.file(&tidy(entry), None);
    let mut tree = reader.tree;
    tree.nodes = nodes;
    tree
}

/// Reads a configuration that is all in one text.
pub fn read_text(name: &str, text: &str, report: &mut Report) -> Tree {
    read(Path::new(name), &OneText { name, text }, report)
}

/// A world with one file in it.
struct OneText<'t> {
    name: &'t str,
    text: &'t str,
}

impl Files for OneText<'_> {
    fn read(&self, path: &Path) -> io::Result<String> {
        if path == tidy(Path::new(self.name)) {
            Ok(self.text.to_owned())
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    fn glob(&self, _: &Path) -> io::Result<Vec<PathBuf>> {
        Ok(Vec::new())
    }
}

struct Reader<'w> {
    files: &'w dyn Files,
    report: &'w mut Report,
    tree: Tree,
    /// What has been read, and by which include.
    read: Vec<(PathBuf, Option<Span>)>,
    /// The files that include each other down to the one at hand.
    open: Vec<PathBuf>,
}

impl Reader<'_> {
    fn file(&mut self, path: &Path, included: Option<Span>) -> Vec<Node> {
        self.read.push((path.to_owned(), included));
        let text = match self.files.read(path) {
            Ok(text) => text,
            Err(error) => {
                self.unreadable(path, included, &error);
                self.tree.complete = false;
                return Vec::new();
            }
        };
        let source = self
            .report
            .add_source(path, path.display().to_string(), text);
        let nodes = parse(source, included.is_some(), self.report).unwrap_or_else(|| {
            self.tree.complete = false;
            Vec::new()
        });
        self.open.push(path.to_owned());
        let mut all = Vec::with_capacity(nodes.len());
        for node in nodes {
            if node.name.text == "include" {
                let included = self.include(path, node);
                all.extend(included);
            } else {
                all.push(node);
            }
        }
        self.open.pop();
        all
    }

    fn unreadable(&mut self, path: &Path, included: Option<Span>, error: &io::Error) {
        let shown = path.display();
        let message = match error.kind() {
            io::ErrorKind::NotFound => format!("there is no file `{shown}`"),
            io::ErrorKind::InvalidData => format!("`{shown}` is not UTF-8 text"),
            io::ErrorKind::PermissionDenied => format!("`{shown}` may not be read by this user"),
            io::ErrorKind::IsADirectory => format!("`{shown}` is a directory, not a file"),
            _ => format!("`{shown}` could not be read: {error}"),
        };
        let diagnostic = match included {
            Some(span) => Diagnostic::error(span, message),
            None => Diagnostic::without_span(message),
        };
        self.report.push(diagnostic);
    }

    fn include(&mut self, from: &Path, node: Node) -> Vec<Node> {
        let mut fields = node.open();
        let argument =
            fields.expect_argument(self.report, "the path of a file, like `\"flows/*.kdl\"`");
        fields.finish(self.report);
        let Some(argument) = argument else {
            return Vec::new();
        };
        if let Some(annotation) = &argument.annotation {
            let message = format!("a path takes no annotation like `({})`", annotation.text);
            self.report
                .push(Diagnostic::error(annotation.span, message));
        }
        let Some(text) = argument.as_text() else {
            let message = format!("`include` needs a path in quotes, not {}", argument.kind());
            self.report.push(Diagnostic::error(argument.span, message));
            return Vec::new();
        };
        if text.value.is_empty() {
            let message = "`include` needs the path of a file";
            self.report.push(Diagnostic::error(text.span, message));
            return Vec::new();
        }
        if self.open.len() >= FURTHEST {
            let message = format!("files include each other more than {FURTHEST} deep");
            self.report.push(Diagnostic::error(text.span, message));
            return Vec::new();
        }
        let directory = from.parent().unwrap_or(Path::new(""));
        let target = tidy(&directory.join(&text.value));
        if is_pattern(&text.value) {
            self.matches(&target, text)
        } else {
            self.watch(target.parent());
            self.once(&target, text.span, false)
        }
    }

    fn matches(&mut self, pattern: &Path, text: &Text) -> Vec<Node> {
        let fixed: PathBuf = pattern
            .components()
            .take_while(|part| !is_pattern(&part.as_os_str().to_string_lossy()))
            .collect();
        self.watch(Some(&fixed));
        let found = match self.files.glob(pattern) {
            Ok(found) => found,
            Err(error) => {
                let message = format!("`{}` could not be looked up: {error}", text.value);
                self.report.push(Diagnostic::error(text.span, message));
                return Vec::new();
            }
        };
        if found.is_empty() {
            let message = format!("`{}` matches no file", text.value);
            self.report.push(Diagnostic::warning(text.span, message));
        }
        let mut nodes = Vec::new();
        for path in found {
            let path = tidy(&path);
            self.watch(path.parent());
            let more = self.once(&path, text.span, true);
            nodes.extend(more);
        }
        nodes
    }

    /// Reads a file, unless it has been read before. A pattern passes over the file it stands in.
    fn once(&mut self, path: &Path, span: Span, by_pattern: bool) -> Vec<Node> {
        if by_pattern && self.open.last().is_some_and(|open| open == path) {
            return Vec::new();
        }
        let shown = path.display();
        if self.open.iter().any(|open| open == path) {
            let message = format!("`{shown}` includes itself");
            let mut diagnostic = Diagnostic::error(span, message);
            if self.open.len() > 1 {
                let way: Vec<String> = self
                    .open
                    .iter()
                    .skip_while(|open| *open != path)
                    .map(|open| format!("`{}`", open.display()))
                    .collect();
                diagnostic = diagnostic.help(format!("by way of {} and back", way.join(", ")));
            }
            self.report.push(diagnostic);
            return Vec::new();
        }
        if let Some((_, first)) = self.read.iter().find(|(read, _)| read == path) {
            let mut diagnostic = Diagnostic::error(span, format!("`{shown}` is included twice"));
            if let Some(first) = first.filter(|first| *first != span) {
                diagnostic = diagnostic.also(first, "first here");
            }
            self.report.push(diagnostic);
            return Vec::new();
        }
        self.file(path, Some(span))
    }

    fn watch(&mut self, directory: Option<&Path>) {
        let directory = match directory {
            Some(directory) if !directory.as_os_str().is_empty() => directory,
            _ => Path::new("."),
        };
        if !self
            .tree
            .watched_dirs
            .iter()
            .any(|watched| watched == directory)
        {
            self.tree.watched_dirs.push(directory.to_owned());
        }
    }
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// A path without `.` and, where that can be told from the path alone, without `..`.
pub fn tidy(path: &Path) -> PathBuf {
    let mut tidy = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir
                if matches!(tidy.components().next_back(), Some(Component::Normal(_))) =>
            {
                tidy.pop();
            }
            _ => tidy.push(part),
        }
    }
    if tidy.as_os_str().is_empty() {
        tidy.push(".");
    }
    tidy
}
