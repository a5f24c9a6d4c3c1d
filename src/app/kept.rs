use std::{
    io,
    path::{Component, Path, PathBuf},
};

use serde_json::{Map, Value, json};

use super::Loaded;
use crate::{
    store::RevisionRow,
    syntax::{Files, tidy},
};

impl Loaded {
    /// All that was read, to be kept and read again by [`Kept`]: no secret is in it.
    pub fn to_kept(&self) -> String {
        let files = self.reading.files.iter().filter_map(|(path, text)| {
            let source = self.report.sources().iter().find(|it| it.path == *path);
            let text = source.map_or_else(
                || text.as_deref().ok().map(str::to_owned),
                |source| Some(source.without_secrets()),
            )?;
            Some((path.to_str()?.to_owned(), Value::from(text)))
        });
        let globs = self.reading.globs.iter().filter_map(|(pattern, found)| {
            let found = found.as_ref().ok()?.iter().filter_map(|path| path.to_str());
            Some((pattern.to_str()?.to_owned(), found.collect()))
        });
        let files: Map<String, Value> = files.collect();
        let globs: Map<String, Value> = globs.collect();
        let has_secrets = self
            .report
            .sources()
            .iter()
            .any(|source| source.without_secrets() != *source.text);
        json!({ "files": files, "globs": globs, "has_secrets": has_secrets }).to_string()
    }
}

/// Files as they were when a revision was kept, for whoever reads them as what `file` leads to
/// today: it may have been named otherwise then, or have stood elsewhere.
#[derive(Debug)]
pub(super) struct Kept {
    texts: Value,
    /// The entry file, then and today.
    then: PathBuf,
    today: PathBuf,
}

impl Kept {
    /// What [`Loaded::to_kept`] gave.
    pub fn new(row: &RevisionRow, file: &Path) -> Self {
        Self {
            texts: serde_json::from_str(&row.files).unwrap_or_default(),
            then: tidy(Path::new(&row.entry)),
            today: tidy(file),
        }
    }

    /// Whether secrets were written out, which are not kept: nobody can be let in by it.
    pub fn lacks_secrets(&self) -> bool {
        self.texts["has_secrets"] != false
    }

    fn of(&self, kind: &str, path: &Path) -> io::Result<&Value> {
        // A path that does not depend on where the entry is was the same then.
        [&*self.then_of(path), path]
            .into_iter()
            .find_map(|path| self.texts[kind].get(path.to_str()?))
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    /// What a path of today was then.
    fn then_of(&self, path: &Path) -> PathBuf {
        if path == self.today {
            return self.then.clone();
        }
        moved(path, &self.today, &self.then)
    }

    /// What a path of then is today.
    fn today_of(&self, path: &Path) -> PathBuf {
        let today = moved(path, &self.then, &self.today);
        // What was written from the root on has not moved, and may only look as if it had.
        match self.then_of(&today) == path {
            true => today,
            false => path.to_owned(),
        }
    }
}

impl Files for Kept {
    fn read(&self, path: &Path) -> io::Result<String> {
        let text = self.of("files", path)?.as_str().unwrap_or_default();
        Ok(text.to_owned())
    }

    fn glob(&self, pattern: &Path) -> io::Result<Vec<PathBuf>> {
        let found = self.of("globs", pattern)?.as_array();
        let paths = found.into_iter().flatten().filter_map(Value::as_str);
        Ok(paths.map(|path| self.today_of(Path::new(path))).collect())
    }
}

/// The path that leads from one file to where another path leads from another file. As it is where
/// nothing leads from there to it but the root.
fn moved(path: &Path, from: &Path, to: &Path) -> PathBuf {
    let directory = |file: &Path| file.parent().unwrap_or(Path::new("")).to_owned();
    let (from, to) = (directory(from), directory(to));
    let shared = path.components().zip(from.components());
    let shared = shared.take_while(|(one, other)| one == other).count();
    let is_far = path.has_root() != from.has_root() || (path.has_root() && shared < 2);
    let mut up = from.components().skip(shared);
    if from == to || is_far || up.any(|part| part == Component::ParentDir) {
        return path.to_owned();
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(path.components().skip(shared)).collect();
    tidy(&to.join(way))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Disk, load};

    #[test]
    fn a_path_moves_with_the_file_that_it_is_written_in() {
        for (path, from, to, expected) in [
            ("a.kdl", "flows.kdl", "flows.kdl", "a.kdl"),
            ("a.kdl", "flows.kdl", "/srv/flows.kdl", "/srv/a.kdl"),
            ("/srv/x/a.kdl", "/srv/flows.kdl", "flows.kdl", "x/a.kdl"),
            ("../a.kdl", "flows.kdl", "/srv/x/flows.kdl", "/srv/a.kdl"),
            ("/srv/a.kdl", "/srv/x/flows.kdl", "flows.kdl", "../a.kdl"),
            ("b/a.kdl", "x/flows.kdl", "flows.kdl", "../b/a.kdl"),
            (
                "../c/a.kdl",
                "../x/flows.kdl",
                "/b/x/flows.kdl",
                "/b/c/a.kdl",
            ),
            ("/etc/a.kdl", "flows.kdl", "/srv/flows.kdl", "/etc/a.kdl"),
            ("/etc/a.kdl", "/srv/x/flows.kdl", "flows.kdl", "/etc/a.kdl"),
            ("a.kdl", "../flows.kdl", "/srv/flows.kdl", "a.kdl"),
        ] {
            let [path, from, to] = [path, from, to].map(Path::new);
            assert_eq!(moved(path, from, to), Path::new(expected), "{path:?}");
        }
    }

    #[test]
    fn what_was_kept_is_read_by_any_name_that_the_entry_has_today() {
        let home = tempfile::tempdir().unwrap();
        let base = home.path();
        std::fs::create_dir_all(base.join("srv/parts")).unwrap();
        let apart = base.join("apart.kdl");
        let flow = |name: &str| format!("flow \"{name}\" {{ webhook \"/{name}\"; }}\n");
        let entry = format!(
            "include \"parts/*.kdl\"\ninclude \"../beside.kdl\"\ninclude {:?}\n{}",
            apart.display().to_string(),
            flow("entry")
        );
        for (path, text) in [
            ("srv/flows.kdl", entry),
            ("srv/parts/one.kdl", flow("one")),
            ("srv/parts/two.kdl", flow("two")),
            ("beside.kdl", flow("beside")),
            ("apart.kdl", flow("apart")),
        ] {
            std::fs::write(base.join(path), text).unwrap();
        }
        let then = base.join("srv/flows.kdl");
        let loaded = load(&then, &Disk);
        let row = RevisionRow {
            revision: loaded.reading.revision().to_string(),
            stored_ms: 0,
            entry: then.display().to_string(),
            files: loaded.to_kept(),
        };
        for (today, parts) in [
            (then.clone(), base.join("srv/parts")),
            (PathBuf::from("flows.kdl"), PathBuf::from("parts")),
            (PathBuf::from("./hooks.kdl"), PathBuf::from("parts")),
            (
                PathBuf::from("/moved/x/flows.kdl"),
                PathBuf::from("/moved/x/parts"),
            ),
        ] {
            let kept = load(&today, &Kept::new(&row, &today));
            assert_eq!(kept.report.lines(), [""; 0], "{today:?}");
            let flows = kept.configuration.unwrap().flows;
            let names: Vec<_> = flows.iter().map(|flow| &*flow.name).collect();
            assert_eq!(names, ["one", "two", "beside", "apart", "entry"]);
            let paths: Vec<_> = kept.reading.files().map(Path::to_owned).collect();
            assert!(paths.contains(&parts.join("one.kdl")), "{paths:?}");
        }
    }
}
