use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
};

/// As far as the kernel follows links.
const MOST_LINKS: usize = 40;

/// The directories in which a change can change what stands at `path`: those that hold the file
/// and each symlink on the way to it. Directories, since editors and `git` put a new file in the
/// place of the old one, and a watch on the old one would never tell.
pub(super) fn directories(path: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut rest: Vec<PathBuf> = vec![absolute(path)];
    let mut at = PathBuf::new();
    let mut links = 0;
    while let Some(next) = rest.pop() {
        let mut components = next.components();
        while let Some(component) = components.next() {
            match component {
                Component::RootDir => at = PathBuf::from("/"),
                Component::ParentDir => {
                    at.pop();
                }
                Component::Normal(name) => {
                    let here = at.join(name);
                    let below = components.as_path();
                    match std::fs::read_link(&here) {
                        Ok(target) if links < MOST_LINKS => {
                            links += 1;
                            found.insert(at.clone());
                            rest.push(below.to_owned());
                            rest.push(target);
                            break;
                        }
                        _ => {
                            let is_last = below.as_os_str().is_empty()
                                && rest.iter().all(|p| p.as_os_str().is_empty());
                            // Where the way ends early, what is missing will appear here.
                            if is_last || !here.exists() {
                                found.insert(at.clone());
                            }
                            at = here;
                        }
                    }
                }
                Component::CurDir | Component::Prefix(_) => {}
            }
        }
    }
    found.retain(|directory| directory.is_dir());
    found
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn every_symlink_hop_is_watched_where_it_stands() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        std::fs::create_dir_all(root.join("etc/..2026")).unwrap();
        std::fs::write(root.join("etc/..2026/flows.kdl"), "").unwrap();
        symlink("..2026", root.join("etc/..data")).unwrap();
        symlink("..data/flows.kdl", root.join("etc/flows.kdl")).unwrap();
        symlink(root.join("etc"), root.join("conf")).unwrap();
        let found = directories(&root.join("conf/flows.kdl"));
        let expected: BTreeSet<_> =
            [root.clone(), root.join("etc"), root.join("etc/..2026")].into();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_missing_file_is_waited_for_in_the_nearest_directory_there_is() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        assert_eq!(
            directories(&root.join("a/b/flows.kdl")),
            BTreeSet::from([root.clone()])
        );
    }

    #[test]
    fn a_loop_of_links_ends() {
        let root = tempfile::tempdir().unwrap();
        let root = root.path().canonicalize().unwrap();
        symlink("b", root.join("a")).unwrap();
        symlink("a", root.join("b")).unwrap();
        assert_eq!(directories(&root.join("a")), BTreeSet::from([root]));
    }
}
