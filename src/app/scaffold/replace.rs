//! Replacing a file as a whole, or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt, chown},
    path::Path,
};

/// Puts a text in the place of a file's. Whoever reads the file sees the old one or the new one;
/// its mode and owner stay, and a link goes on pointing at it.
///
/// # Errors
/// The file no longer says `before`, or something cannot be written: then nothing has changed.
pub(super) fn replace(path: &Path, before: &str, after: &str) -> io::Result<()> {
    let target = fs::canonicalize(path)?;
    let directory = target.parent().unwrap_or(Path::new("/"));
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // No pattern of an include takes this for a part of the configuration.
    let aside = directory.join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write(&target, &aside, before, after);
    if written.is_err() {
        // What is left of it is of use to nobody; the first error is the one that matters.
        let _ = fs::remove_file(&aside);
    }
    written?;
    // The name is only safe once the directory is.
    File::open(directory)?.sync_all()
}

fn write(target: &Path, aside: &Path, before: &str, after: &str) -> io::Result<()> {
    let metadata = fs::metadata(target)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(aside)?;
    let ours = file.metadata()?;
    if (ours.uid(), ours.gid()) != (metadata.uid(), metadata.gid()) {
        chown(aside, Some(metadata.uid()), Some(metadata.gid()))?;
    }
    file.set_permissions(metadata.permissions())?;
    file.write_all(after.as_bytes())?;
    file.sync_all()?;
    if fs::read_to_string(target)? != before {
        return Err(io::Error::other("it has changed in the meantime"));
    }
    fs::rename(aside, target)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_file_behind_a_link_is_replaced_with_its_mode_and_nothing_is_left_over() {
        let directory = tempfile::tempdir().unwrap();
        let real = directory.path().join("real");
        fs::create_dir(&real).unwrap();
        let file = real.join("a.kdl");
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        let link = directory.path().join("flows.kdl");
        symlink("real/a.kdl", &link).unwrap();

        replace(&link, "old", "new").unwrap();

        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(file.metadata().unwrap().mode() & 0o777, 0o640);
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read_dir(&real).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_has_changed_is_left_alone() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("flows.kdl");
        fs::write(&file, "theirs").unwrap();
        let error = replace(&file, "old", "new").unwrap_err();
        assert_eq!(error.to_string(), "it has changed in the meantime");
        assert_eq!(fs::read_to_string(&file).unwrap(), "theirs");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }
}
