use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    fs::Metadata,
    os::unix::fs::MetadataExt,
    path::{Component, Path, PathBuf},
};

use super::loader::Watched;
use crate::app::disk::matches;

/// As far as the kernel follows links.
const MOST_LINKS: usize = 40;

/// Where changes can change a configuration. Directories above all, since editors and `git` put a
/// new file in the place of the old one, and a watch on the old one would never tell; but the
/// files too, since one that is mounted by itself, or has a second name, changes without a word to
/// the directory.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Places {
    /// What is to be watched, and which inode it is: another directory of the same name is another
    /// one to the system.
    pub spots: BTreeMap<PathBuf, (u64, u64)>,
    /// The names that matter in the directories.
    names: BTreeSet<OsString>,
    /// The directories in which every name may matter.
    open: BTreeSet<PathBuf>,
}

impl Places {
    /// The places of what was read, as they are right now.
    pub fn of(watched: &Watched) -> Self {
        let mut places = Self::default();
        for file in &watched.files {
            places.add(&way(file));
        }
        let matching = watched.patterns.iter().flat_map(|p| directories_of(p));
        for directory in watched.directories.iter().cloned().chain(matching) {
            let way = way(&directory);
            places.add(&way);
            places.open.extend(way.end);
        }
        places
    }

    /// Whether a change at `path` may be one of the configuration. The directory of a
    /// configuration may hold a log that is written to all the time.
    pub fn concern(&self, path: &Path) -> bool {
        self.spots.contains_key(path)
            || path.file_name().is_some_and(|n| self.names.contains(n))
            || path.parent().is_some_and(|p| self.open.contains(p))
    }

    fn add(&mut self, way: &Way) {
        for (directory, name) in &way.hops {
            self.names.insert(name.clone());
            self.spot(directory);
        }
        if let Some(end) = &way.end {
            self.spot(end);
        }
    }

    fn spot(&mut self, path: &Path) {
        // What is gone meanwhile was told of, or will be.
        if let Ok(metadata) = path.metadata() {
            self.spots.insert(path.to_owned(), identity(&metadata));
        }
    }
}

fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

/// The directories in which a new file may match a pattern, and those in which a new directory
/// may come to hold one.
fn directories_of(pattern: &Path) -> BTreeSet<PathBuf> {
    pattern
        .ancestors()
        .skip(1)
        .filter_map(Path::to_str)
        .take_while(|pattern| pattern.contains(['*', '?', '[']))
        .filter_map(|pattern| matches(pattern).ok())
        .flatten()
        .filter(|path| path.is_dir())
        .collect()
}

/// How the system gets to a file.
#[derive(PartialEq, Eq, Debug, Default)]
struct Way {
    /// The directory that holds the file, and those that hold the symlinks on the way to it, each
    /// with the name in it. Where the way ends early, what is missing will appear at the last one.
    hops: BTreeSet<(PathBuf, OsString)>,
    /// The file itself, where there is one.
    end: Option<PathBuf>,
}

fn way(path: &Path) -> Way {
    let mut way = Way::default();
    let mut rest = vec![std::path::absolute(path).unwrap_or_else(|_| path.to_owned())];
    let mut at = PathBuf::new();
    let mut links = 0;
    while let Some(next) = rest.pop() {
        let mut components = next.components();
        while let Some(component) = components.next() {
            let name = match component {
                Component::RootDir => {
                    at = PathBuf::from("/");
                    continue;
                }
                Component::ParentDir => {
                    at.pop();
                    continue;
                }
                Component::Normal(name) => name,
                Component::CurDir | Component::Prefix(_) => continue,
            };
            let here = at.join(name);
            let below = components.as_path();
            if let Ok(target) = std::fs::read_link(&here)
                && links < MOST_LINKS
            {
                links += 1;
                way.hops.insert((at.clone(), name.to_owned()));
                rest.push(below.to_owned());
                rest.push(target);
                break;
            }
            let is_last =
                below.as_os_str().is_empty() && rest.iter().all(|path| path.as_os_str().is_empty());
            let is_there = here.exists();
            if is_last || !is_there {
                way.hops.insert((at, name.to_owned()));
                way.end = is_there.then_some(here);
                return way;
            }
            at = here;
        }
    }
    way.end = Some(at);
    way
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct Root(
        #[allow(dead_code, reason = "kept for its drop")] tempfile::TempDir,
        PathBuf,
    );

    fn root() -> Root {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().canonicalize().unwrap();
        Root(directory, path)
    }

    fn watched(files: &[PathBuf], patterns: &[PathBuf]) -> Places {
        Places::of(&Watched {
            files: files.to_vec(),
            directories: Vec::new(),
            patterns: patterns.to_vec(),
        })
    }

    fn spots(places: &Places) -> Vec<&Path> {
        places.spots.keys().map(PathBuf::as_path).collect()
    }

    #[test]
    fn every_symlink_hop_is_watched_where_it_stands() {
        let Root(_directory, root) = root();
        std::fs::create_dir_all(root.join("etc/..2026")).unwrap();
        std::fs::write(root.join("etc/..2026/flows.kdl"), "").unwrap();
        symlink("..2026", root.join("etc/..data")).unwrap();
        symlink("..data/flows.kdl", root.join("etc/flows.kdl")).unwrap();
        symlink(root.join("etc"), root.join("conf")).unwrap();
        let places = watched(&[root.join("conf/flows.kdl")], &[]);
        assert_eq!(
            spots(&places),
            [
                &*root,
                &root.join("etc"),
                &root.join("etc/..2026"),
                &root.join("etc/..2026/flows.kdl"),
            ]
        );
        for matters in [
            "conf",
            "etc/..data",
            "etc/flows.kdl",
            "etc/..2026/flows.kdl",
        ] {
            assert!(places.concern(&root.join(matters)), "{matters}");
        }
        assert!(!places.concern(&root.join("etc/hookyard.log")));
    }

    #[test]
    fn a_missing_file_is_waited_for_in_the_nearest_directory_there_is() {
        let Root(_directory, root) = root();
        let places = watched(&[root.join("a/b/flows.kdl")], &[]);
        assert_eq!(spots(&places), [&*root]);
        assert!(places.concern(&root.join("a")));
    }

    #[test]
    fn a_loop_of_links_ends() {
        let Root(_directory, root) = root();
        symlink("b", root.join("a")).unwrap();
        symlink("a", root.join("b")).unwrap();
        assert_eq!(spots(&watched(&[root.join("a")], &[])), [&*root]);
    }

    #[test]
    fn another_directory_of_the_same_name_is_another_place() {
        let Root(_directory, root) = root();
        let inside = root.join("conf");
        let file = inside.join("flows.kdl");
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&file, "").unwrap();
        let before = watched(std::slice::from_ref(&file), &[]);
        // Kept, so that the inode is not given out again.
        std::fs::rename(&inside, root.join("old")).unwrap();
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&file, "").unwrap();
        assert_ne!(watched(&[file], &[]), before);
    }

    #[test]
    fn every_directory_that_a_pattern_may_look_into_is_open_for_any_name() {
        let Root(_directory, root) = root();
        std::fs::create_dir_all(root.join("sites/shop/flows")).unwrap();
        std::fs::create_dir_all(root.join("sites/blog")).unwrap();
        let places = watched(&[], &[root.join("sites/*/flows/*.kdl")]);
        assert!(places.concern(&root.join("sites/shop/flows/new.kdl")));
        assert!(places.concern(&root.join("sites/blog/flows")));
        assert!(!places.concern(&root.join("sites/shop/flows/deep/er")));
    }
}
