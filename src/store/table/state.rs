use rusqlite::{
    ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

/// Where a run in the queue stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Another process left it here, and the server has not seen it.
    Offered,
    /// It waits for a worker.
    Pending,
    /// A worker has begun it; so it stays where its process ends.
    Running,
    /// It waits for its time.
    Parked,
    /// It is to end as cancelled, and has not ended.
    Cancelled,
    /// It is kept, and not done again by itself.
    Dead,
}

impl State {
    /// The word in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Offered => "offered",
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Parked => "parked",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        }
    }
}

impl ToSql for State {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for State {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        [
            Self::Offered,
            Self::Pending,
            Self::Running,
            Self::Parked,
            Self::Cancelled,
            Self::Dead,
        ]
        .into_iter()
        .find(|state| state.as_str() == word)
        .ok_or(FromSqlError::InvalidType)
    }
}
