use super::{Fault, Reader, Store, reader::unreadable};

/// What the file takes on the disk, in pages.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Space {
    /// All of it.
    pub pages: i64,
    /// What nothing is kept in.
    pub free: i64,
}

impl Store {
    /// Gives so many free pages at most back to the file system.
    ///
    /// # Errors
    /// Nothing was given back.
    pub async fn shrink(&self, pages: u32) -> Result<(), Fault> {
        self.write(0, move |file| {
            let mut vacuum = file.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
            // It gives one page back with each row.
            let mut given_back = vacuum.query([])?;
            while given_back.next()?.is_some() {}
            Ok(())
        })
        .await
    }
}

impl Reader {
    /// What the file takes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn space(&self) -> Result<Space, String> {
        let number = |name| self.file.pragma_query_value(None, name, |row| row.get(0));
        let read = || -> rusqlite::Result<_> {
            Ok(Space {
                pages: number("page_count")?,
                free: number("freelist_count")?,
            })
        };
        read().map_err(unreadable)
    }
}
