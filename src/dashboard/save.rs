//! Files for what is too long for a clipboard.

use std::{
    env,
    fs::OpenOptions,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use super::state::File;

/// So many files of one name are kept apart by a number.
const NUMBERED: usize = 100;

/// Puts a file where the session keeps what goes with it, else where all temporary files are.
/// Nobody else can read it, and none that is there is written over.
///
/// # Errors
/// It cannot be written.
pub(super) fn save(file: &File) -> io::Result<PathBuf> {
    let directory = env::var_os("XDG_RUNTIME_DIR").map_or_else(env::temp_dir, PathBuf::from);
    save_in(&directory, file)
}

fn save_in(directory: &Path, file: &File) -> io::Result<PathBuf> {
    let mut number = 1;
    loop {
        let path = directory.join(match number {
            1 => file.name.clone(),
            number => format!("{number}-{}", file.name),
        });
        let opened = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&path);
        match opened {
            Ok(mut opened) => {
                opened.write_all(&file.bytes)?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && number < NUMBERED => {
                number += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_file_is_private_and_writes_over_no_other() {
        let directory = tempfile::tempdir().unwrap();
        let file = |text: &str| File {
            what: "the body",
            name: "hookyard-1-body.txt".to_owned(),
            bytes: text.into(),
            note: String::new(),
        };
        let paths = ["first", "second"].map(|text| save_in(directory.path(), &file(text)).unwrap());
        assert_eq!(
            paths,
            ["hookyard-1-body.txt", "2-hookyard-1-body.txt"]
                .map(|name| directory.path().join(name))
        );
        assert_eq!(
            paths.clone().map(|path| fs::read_to_string(path).unwrap()),
            ["first", "second"]
        );
        let mode = fs::metadata(&paths[0]).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
