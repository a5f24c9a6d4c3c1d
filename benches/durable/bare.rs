use std::{convert::Infallible, path::Path};

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::{Request, Response, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

use crate::plain::Plain;

/// The yardstick over HTTP: reads the body, appends it to a file, answers `ok` once that is
/// synced. Prints its address.
pub fn serve(file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let plain = Plain::open(file);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            stream.set_nodelay(true).unwrap();
            let plain = plain.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| answer(request, &plain));
                let _ = http1::Builder::new()
                    .serve_connection(TokioIo::new(stream), service)
                    .await;
            });
        }
    });
}

async fn answer(
    request: Request<Incoming>,
    plain: &Plain,
) -> Result<Response<Full<Bytes>>, Infallible> {
    if let Ok(body) = request.into_body().collect().await {
        plain.append(body.to_bytes().to_vec()).await;
    }
    Ok(Response::new(Full::new(Bytes::from_static(b"ok"))))
}
