use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::Arc,
};

use rustls::{ServerConfig, ServerConnection, StreamOwned, crypto::ring, pki_types::PrivateKeyDer};

use crate::{
    harness::{Flow, failed, flow},
    site::{Site, answer},
};

/// A site behind TLS with a certificate for `name`, and that certificate.
fn site(name: &str, change: impl FnOnce(&mut rcgen::CertificateParams)) -> (Site, String) {
    let mut params =
        rcgen::CertificateParams::new([name.to_owned()]).expect("a certificate's names");
    change(&mut params);
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = params.self_signed(&key).expect("a certificate");
    let secret = PrivateKeyDer::try_from(key.serialize_der()).expect("a key of its own");
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], secret)
        .expect("a certificate and its key");
    let config = Arc::new(config);
    let open = move |mut stream: TcpStream| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).ok()?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).ok()?;
        }
        Some(StreamOwned::new(connection, stream))
    };
    let site = Site::with(open, |_| answer("200 OK", &[], "secure"));
    (site, certificate.pem())
}

fn step(site: &Site) -> String {
    let port = site.address().port();
    format!(r#"http "GET" "https://localhost:{port}/" as="answer""#)
}

/// What comes of it where the machine trusts the certificate.
fn ask_trusting(site: &Site, certificate: &str) -> crate::support::Reply {
    let directory = tempfile::tempdir().expect("a directory");
    let file = directory.path().join("roots.pem");
    std::fs::write(&file, certificate).expect("a certificate is written");
    let path = file.to_str().expect("a path of letters");
    Flow {
        environment: &[("SSL_CERT_FILE", path)],
        ..flow(r#""localhost""#, &step(site))
    }
    .ask("{}")
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (site, _) = site("localhost", |_| {});
    failed(
        &flow(r#""localhost""#, &step(&site)).ask("{}"),
        "the certificate of localhost is not trusted: nobody who is trusted here has issued it",
    );
}

#[test]
fn a_certificate_that_the_machine_trusts_is_taken() {
    let (site, certificate) = site("localhost", |_| {});
    let reply = ask_trusting(&site, &certificate);
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.json()["answer"]["text"], "secure");
}

#[test]
fn a_certificate_of_another_name_is_refused() {
    let (site, certificate) = site("elsewhere.test", |_| {});
    failed(
        &ask_trusting(&site, &certificate),
        "the certificate of localhost is not trusted: it is somebody else's",
    );
}

#[test]
fn a_certificate_that_is_over_is_refused() {
    let (site, certificate) = site("localhost", |params| {
        params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    });
    failed(
        &ask_trusting(&site, &certificate),
        "the certificate of localhost is not trusted: it has expired",
    );
}

#[test]
fn a_server_that_speaks_no_tls_is_told() {
    let open = |mut stream: TcpStream| {
        let _ = stream.write_all(answer("400 Bad Request", &[], "").as_bytes());
        // Closed only once the other side is done, since a reset would take the answer back.
        let _ = stream.read_to_end(&mut Vec::new());
        None::<TcpStream>
    };
    let site = Site::with(open, |_| String::new());
    failed(
        &flow(r#""localhost""#, &step(&site)).ask("{}"),
        &format!(
            "localhost:{} cannot be spoken to by TLS: received corrupt message of type InvalidContentType",
            site.address().port()
        ),
    );
}
