use std::path::{Path, PathBuf};

use super::regular;

/// The commit that is checked out where `file` lies; `None` where that is in no repository, or in
/// one without a commit. Git itself need not be installed.
pub(super) fn commit(file: &Path) -> Option<String> {
    let file = std::path::absolute(file).ok()?;
    let own = file.ancestors().skip(1).find_map(git_directory)?;
    let head = regular::text(&own.join("HEAD")).ok()?;
    let commit = match head.trim().strip_prefix("ref: ") {
        None => head.trim().to_owned(),
        Some(name) => {
            let shared = shared_directory(&own);
            let loose = [&own, &shared].map(|directory| directory.join(name));
            let loose = loose.iter().find_map(|path| regular::text(path).ok());
            match loose {
                Some(commit) => commit.trim().to_owned(),
                None => packed(&shared, name)?,
            }
        }
    };
    is_hash(&commit).then_some(commit)
}

/// What belongs to one working tree. In a linked one, and in a submodule, `.git` is a file that
/// says where that is.
fn git_directory(directory: &Path) -> Option<PathBuf> {
    let git = directory.join(".git");
    if git.is_dir() {
        return Some(git);
    }
    let text = regular::text(&git).ok()?;
    Some(directory.join(text.trim().strip_prefix("gitdir: ")?))
}

/// What all working trees of a repository have in common.
fn shared_directory(own: &Path) -> PathBuf {
    match regular::text(&own.join("commondir")) {
        Ok(common) => own.join(common.trim()),
        Err(_) => own.to_owned(),
    }
}

fn packed(shared: &Path, name: &str) -> Option<String> {
    let text = regular::text(&shared.join("packed-refs")).ok()?;
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    let (commit, _) = lines.find(|(_, known)| *known == name)?;
    Some(commit.to_owned())
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const COMMIT: &str = "8c1f03ba92d7e5460fa1b2c3d4e5f60718293a4b";

    /// A directory with these files, and the commit that `file` in it is at.
    fn at(files: &[(&str, &str)], file: &str) -> Option<String> {
        let directory = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        commit(&directory.path().join(file))
    }

    #[test]
    fn the_commit_of_a_branch_stands_in_its_own_file_or_among_the_packed_ones() {
        let head = (".git/HEAD", "ref: refs/heads/main\n");
        let loose = (".git/refs/heads/main", &*format!("{COMMIT}\n"));
        let packed = format!("# pack-refs with: peeled\n{COMMIT} refs/heads/main\n");
        assert_eq!(at(&[head, loose], "flows.kdl").as_deref(), Some(COMMIT));
        assert_eq!(
            at(&[head, (".git/packed-refs", &packed)], "in/a/flows.kdl").as_deref(),
            Some(COMMIT)
        );
    }

    #[test]
    fn a_commit_can_be_checked_out_without_a_branch() {
        assert_eq!(
            at(&[(".git/HEAD", COMMIT)], "flows.kdl").as_deref(),
            Some(COMMIT)
        );
    }

    #[test]
    fn a_linked_working_tree_has_its_own_head_and_the_branches_of_all() {
        let files = [
            ("tree/.git", "gitdir: ../main/.git/worktrees/tree\n"),
            ("main/.git/worktrees/tree/HEAD", "ref: refs/heads/other\n"),
            ("main/.git/worktrees/tree/commondir", "../..\n"),
            ("main/.git/refs/heads/other", COMMIT),
        ];
        assert_eq!(at(&files, "tree/flows.kdl").as_deref(), Some(COMMIT));
    }

    #[test]
    fn where_no_commit_is_none_is_told() {
        let unborn = (".git/HEAD", "ref: refs/heads/main\n");
        assert_eq!(at(&[unborn], "flows.kdl"), None);
        assert_eq!(at(&[(".git/HEAD", "nonsense")], "flows.kdl"), None);
        assert_eq!(at(&[("other", "")], "flows.kdl"), None);
    }
}
