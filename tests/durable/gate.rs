use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::Path,
    process::Command,
};

/// A named pipe that programs of a test wait at until they are let through. Once it is dropped,
/// nobody waits there any more.
pub struct Gate {
    /// Open for reading, too: so opening it waits for nobody, and no line is lost between two who
    /// wait.
    pipe: File,
}

impl Gate {
    /// A gate at a path.
    pub fn at(path: &Path) -> Self {
        let status = Command::new("mkfifo").arg(path).status().unwrap();
        assert!(status.success());
        let pipe = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .unwrap();
        Self { pipe }
    }

    /// Lets so many through, now or when they come.
    pub fn let_through(&self, count: usize) {
        let lines = "\n".repeat(count);
        (&self.pipe).write_all(lines.as_bytes()).unwrap();
    }
}
