use std::{
    fs::OpenOptions,
    io::Write,
    path::Path,
    sync::mpsc::{self, Sender},
    thread,
};

use tokio::sync::oneshot;

/// The most records that are synced together, as in the store.
const GROUP: usize = 256;

/// The yardstick: records appended to a file by one thread, which syncs those that came meanwhile
/// together. It can do nothing but that.
#[derive(Clone)]
pub struct Plain {
    records: Sender<(Vec<u8>, oneshot::Sender<()>)>,
}

impl Plain {
    /// A file, to which is appended until the last clone is dropped.
    pub fn open(path: &Path) -> Self {
        let mut file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(path)
            .unwrap();
        let (records, received) = mpsc::channel::<(Vec<u8>, oneshot::Sender<()>)>();
        thread::spawn(move || {
            let mut bytes = Vec::new();
            while let Ok((record, told)) = received.recv() {
                bytes.clear();
                bytes.extend(record);
                let mut group = vec![told];
                while group.len() < GROUP
                    && let Ok((record, told)) = received.try_recv()
                {
                    bytes.extend(record);
                    group.push(told);
                }
                file.write_all(&bytes).unwrap();
                // fdatasync(2)
                file.sync_data().unwrap();
                for told in group {
                    // Nobody may be there any more.
                    let _ = told.send(());
                }
            }
        });
        Self { records }
    }

    /// Appends a record; it is on disk when this returns.
    pub async fn append(&self, record: Vec<u8>) {
        let (tell, told) = oneshot::channel();
        self.records.send((record, tell)).unwrap();
        told.await.unwrap();
    }
}
