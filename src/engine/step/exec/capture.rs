use tokio::io::{AsyncRead, AsyncReadExt};

/// What a program wrote, as far as it is kept. All of it is read, so that the program never waits.
#[derive(Debug)]
pub(super) struct Capture {
    bytes: Vec<u8>,
    most: usize,
    is_truncated: bool,
}

impl Capture {
    /// Nothing yet, and up to `most` bytes in the end.
    pub fn new(most: usize) -> Self {
        Self {
            bytes: Vec::new(),
            most,
            is_truncated: false,
        }
    }

    /// Reads until nobody writes any more. What was read before this is dropped is there.
    pub async fn fill(&mut self, pipe: Option<impl AsyncRead + Unpin>) {
        let Some(mut pipe) = pipe else { return };
        let mut buffer = vec![0; 16 << 10];
        while let Ok(read @ 1..) = pipe.read(&mut buffer).await {
            let kept = read.min(self.most - self.bytes.len());
            self.bytes.extend_from_slice(&buffer[..kept]);
            self.is_truncated |= kept < read;
        }
    }

    /// What is kept.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether there was more.
    pub fn is_truncated(&self) -> bool {
        self.is_truncated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_over_is_read_and_thrown_away() {
        for (most, kept, is_truncated) in [(5, "12345", false), (4, "1234", true)] {
            let mut capture = Capture::new(most);
            capture.fill(Some(&b"12345"[..])).await;
            assert_eq!(capture.bytes(), kept.as_bytes());
            assert_eq!(capture.is_truncated(), is_truncated);
        }
    }
}
