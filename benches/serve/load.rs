use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// What a load of some seconds came to.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Measured {
    /// Answers that were as expected.
    pub requests: u64,
    /// Answers that were not, and connections that broke.
    pub wrong: u64,
    /// Wall-clock seconds.
    pub seconds: f64,
    /// Latencies in microseconds.
    pub p50: u64,
    pub p99: u64,
    pub max: u64,
}

impl Measured {
    /// What these latencies in microseconds, and so many wrong answers, came to.
    pub fn of(mut latencies: Vec<u32>, wrong: u64, took: Duration) -> Self {
        latencies.sort_unstable();
        let at = |share: f64| {
            let last = latencies.len().saturating_sub(1);
            latencies
                .get((last as f64 * share) as usize)
                .map_or(0, |micros| u64::from(*micros))
        };
        Self {
            requests: latencies.len() as u64,
            wrong,
            seconds: took.as_secs_f64(),
            p50: at(0.5),
            p99: at(0.99),
            max: at(1.0),
        }
    }
}

/// `--load ADDRESS CONNECTIONS SECONDS FILE`: sends the request in FILE over keep-alive
/// connections, each as soon as the answer before it is there; prints [`Measured`] as JSON.
pub fn run(args: &[String]) {
    let address = args[0].clone();
    let connections: usize = args[1].parse().unwrap();
    let seconds: f64 = args[2].parse().unwrap();
    let request: &'static [u8] = std::fs::read(&args[3]).unwrap().leak();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let measured = runtime.block_on(async {
        let start = Instant::now();
        let end = start + Duration::from_secs_f64(seconds);
        let mut tasks = Vec::new();
        for _ in 0..connections {
            tasks.push(tokio::spawn(drive(address.clone(), request, end)));
        }
        // A load that sleeps has to be woken by whoever answers it, and the waking, which on a
        // virtual machine costs as much as a request, would be told as the server's time.
        tokio::spawn(async move {
            while Instant::now() < end {
                tokio::task::yield_now().await;
            }
        });
        let mut latencies = Vec::new();
        let mut wrong = 0;
        for task in tasks {
            let (mut some, bad) = task.await.unwrap();
            latencies.append(&mut some);
            wrong += bad;
        }
        Measured::of(latencies, wrong, start.elapsed())
    });
    println!("{}", serde_json::to_string(&measured).unwrap());
}

async fn drive(address: String, request: &'static [u8], end: Instant) -> (Vec<u32>, u64) {
    let mut latencies = Vec::with_capacity(1 << 16);
    let mut wrong = 0;
    let mut buffer = vec![0; 16 * 1024];
    'connection: while Instant::now() < end {
        let Ok(mut stream) = TcpStream::connect(&address).await else {
            wrong += 1;
            continue;
        };
        stream.set_nodelay(true).unwrap();
        // The first answer tells how long all of them are: the fields that vary do not vary in
        // length.
        let mut expected = 0;
        loop {
            let began = Instant::now();
            if began >= end {
                break;
            }
            if stream.write_all(request).await.is_err() {
                wrong += 1;
                continue 'connection;
            }
            let mut read = 0;
            while expected == 0 || read < expected {
                match stream.read(&mut buffer[read..]).await {
                    Ok(0) | Err(_) => {
                        wrong += 1;
                        continue 'connection;
                    }
                    Ok(some) => read += some,
                }
                if expected == 0 {
                    expected = answer_length(&buffer[..read]).unwrap_or(0);
                }
            }
            if !buffer.starts_with(b"HTTP/1.1 200") {
                wrong += 1;
            }
            latencies.push(began.elapsed().as_micros().try_into().unwrap_or(u32::MAX));
        }
    }
    (latencies, wrong)
}

/// The length of a whole answer, once its head is there.
fn answer_length(bytes: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.find("\r\n\r\n")? + 4;
    let body: usize = text[..head]
        .lines()
        .find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length")
                .then(|| value.trim().parse().ok())?
        })
        .unwrap_or(0);
    Some(head + body)
}
