use std::{
    fs::{self, File, FileType, OpenOptions},
    io::{self, Read},
    os::unix::fs::{FileTypeExt, OpenOptionsExt},
    path::Path,
};

use rustix::{fs::OFlags, io::Errno};

/// How long a file of a configuration may be: more is a mistake, not a configuration.
const LONGEST_TEXT: u64 = 8 << 20;

/// How long a file of secrets may be.
const LONGEST_SECRET: u64 = 64 << 10;

/// The text of a regular file, links followed: what never ends is not begun, and nothing is waited
/// for.
///
/// # Errors
/// It cannot be read, is none, is too long, or is not UTF-8 (`InvalidData`).
pub(super) fn text(path: &Path) -> io::Result<String> {
    utf8(read(path, LONGEST_TEXT)?)
}

/// The bytes of a file with a secret, as [`text`].
///
/// # Errors
/// It cannot be read, is none, or is too long.
pub(super) fn secret(path: &Path) -> io::Result<Vec<u8>> {
    read(path, LONGEST_SECRET)
}

/// The text of a file with several secrets, as [`secret`].
///
/// # Errors
/// It cannot be read, is none, is too long, or is not UTF-8 (`InvalidData`).
pub(super) fn secrets(path: &Path) -> io::Result<String> {
    utf8(read(path, LONGEST_SECRET)?)
}

fn utf8(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "it is not UTF-8 text"))
}

fn read(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    // Before it is opened, since opening may do something: to a device, or to who writes to a pipe.
    regular(fs::metadata(path)?.file_type())?;
    let file = OpenOptions::new()
        .read(true)
        .custom_flags((OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed())
        .open(path)?;
    // And of the one that was opened, since another may have taken its place meanwhile.
    regular(file.metadata()?.file_type())?;
    bounded(&file, longest)
}

/// Reads no more than that, whatever the size of the file was said to be.
fn bounded(file: &File, longest: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(longest + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > longest {
        let most = match longest >> 20 {
            0 => format!("{} KiB", longest >> 10),
            mebibytes => format!("{mebibytes} MiB"),
        };
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it is longer than {most}"),
        ));
    }
    Ok(bytes)
}

fn regular(found: FileType) -> io::Result<()> {
    let what = if found.is_file() {
        return Ok(());
    } else if found.is_dir() {
        return Err(Errno::ISDIR.into());
    } else if found.is_fifo() {
        "a pipe"
    } else if found.is_socket() {
        "a socket"
    } else {
        "a device"
    };
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {what}, not a file"),
    ))
}

#[cfg(test)]
mod tests {
    use std::os::unix::{fs::symlink, net::UnixListener};

    use rustix::fs::{CWD, FileType, Mode, mknodat};

    use super::*;

    fn why(path: &Path) -> String {
        text(path).unwrap_err().to_string()
    }

    #[test]
    fn pipes_sockets_and_devices_are_no_files_also_through_links() {
        let directory = tempfile::tempdir().unwrap();
        let at = |name: &str| directory.path().join(name);
        mknodat(CWD, at("pipe"), FileType::Fifo, Mode::RUSR, 0).unwrap();
        let _bound = UnixListener::bind(at("socket")).unwrap();
        symlink("/dev/zero", at("device")).unwrap();
        symlink("pipe", at("link")).unwrap();
        let told = ["pipe", "link", "socket", "device"].map(|name| why(&at(name)));
        let pipe = "it is a pipe, not a file";
        let expected = [
            pipe,
            pipe,
            "it is a socket, not a file",
            "it is a device, not a file",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_file_may_be_as_long_as_the_bound_and_no_longer() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a");
        fs::write(&path, vec![b'a'; 1 << 16]).unwrap();
        assert_eq!(secret(&path).unwrap().len(), 1 << 16);
        File::options()
            .write(true)
            .open(&path)
            .unwrap()
            .set_len((1 << 16) + 1)
            .unwrap();
        let why = secret(&path).unwrap_err().to_string();
        assert_eq!(why, "it is longer than 64 KiB");
    }
}
