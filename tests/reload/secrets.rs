//! Secrets are part of the configuration: new ones go live, and missing ones do not.

use std::{
    fs,
    process::{Child, Command, Stdio},
};

use crate::{
    harness::*,
    support::{Server, message},
};

const ONE: &str = "Basic c2hvcDpvbmU=";
const TWO: &str = "Basic c2hvcDp0d28=";

fn locked(password: &str) -> String {
    format!(
        r#"flow "a" mode="sync" {{
    webhook "/a" {{ auth {{ basic user="shop" password={password} }} }}
    respond 200 {{ body "in" }}
}}
"#
    )
}

fn status(server: &Server, authorization: &str) -> u16 {
    let headers = [("Authorization", authorization)];
    server.request("POST", "/a", &headers, "").status
}

/// A server whose secret, or env-file, is a file beside `flows.kdl`.
fn serve_beside(flows: &str, name: &str, content: &str) -> Server {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join(name), content).unwrap();
    fs::write(
        directory.path().join("flows.kdl"),
        crate::support::with_free_port(flows),
    )
    .unwrap();
    serve_in(directory, "flows.kdl", &NEVER)
}

fn env_file() -> String {
    format!(
        "secrets {{ env-file \"secrets.env\"; }}\n{}",
        locked("(env)\"SHOP\"")
    )
}

#[test]
fn a_secret_file_that_is_rotated_goes_live_though_the_configuration_stays() {
    let server = serve_beside(&locked("(file)\"secret\""), "secret", "one\n");
    assert_eq!((status(&server, ONE), status(&server, TWO)), (200, 401));
    let secret = server.directory().join("secret");
    fs::write(secret.with_extension("new"), "two\n").unwrap();
    fs::rename(secret.with_extension("new"), &secret).unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

#[test]
fn an_env_file_that_changes_goes_live() {
    let server = serve_beside(&env_file(), "secrets.env", "SHOP=one\n");
    assert_eq!(status(&server, ONE), 200);
    fs::write(server.directory().join("secrets.env"), "SHOP=two\n").unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

#[test]
fn a_secret_that_goes_missing_or_empty_is_refused_and_the_old_one_stays_good() {
    let server = serve_beside(&locked("(file)\"secret\""), "secret", "one");
    let secret = server.directory().join("secret");
    fs::write(&secret, "\n").unwrap();
    server.wait_for_rejection();
    server.wait_for_line(|line| message(line).contains("is empty"));
    assert_eq!(status(&server, ONE), 200);
    fs::remove_file(&secret).unwrap();
    server.wait_for_rejection();
    server.wait_for_line(|line| message(line).contains("cannot be read"));
    assert_eq!(status(&server, ONE), 200);
    fs::write(&secret, "two").unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

#[test]
fn a_secret_file_that_becomes_a_pipe_is_refused_and_the_old_one_stays_good() {
    let server = serve_beside(&locked("(file)\"secret\""), "secret", "one");
    let secret = server.directory().join("secret");
    fs::remove_file(&secret).unwrap();
    pipe(&secret);
    server.wait_for_line(|line| message(line).contains("it is a pipe, not a file"));
    assert_eq!(status(&server, ONE), 200);
    fs::remove_file(&secret).unwrap();
    fs::write(&secret, "two").unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

#[test]
fn a_reload_that_names_a_missing_secret_is_refused_until_it_is_there() {
    let server = serve(&answering("one"));
    save(&server, &locked("(file)\"run/secret\""));
    server.wait_for_rejection();
    assert_eq!(answer(&server), "one");
    fs::create_dir(server.directory().join("run")).unwrap();
    fs::write(server.directory().join("run/secret"), "two").unwrap();
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

#[test]
fn a_reload_that_names_an_unset_variable_is_refused() {
    let server = serve(&answering("one"));
    save(&server, &locked("(env)\"HOOKYARD_TEST_UNSET\""));
    server.wait_for_rejection();
    server.wait_for_line(|line| message(line).contains("HOOKYARD_TEST_UNSET is not set"));
    assert_eq!(answer(&server), "one");
}

#[test]
fn no_secret_is_told_in_a_rejection() {
    let server = serve_beside(&env_file(), "secrets.env", "SHOP=one\n");
    let broken = locked("\"s3cret-in-the-file\"") + "flow \"a\" nope=\"x\" {";
    save(&server, &broken);
    server.wait_for_rejection();
    fs::write(
        server.directory().join("secrets.env"),
        "SHOP=s3cret-outside\nOTHER\n",
    )
    .unwrap();
    save(&server, &env_file());
    let lines = server.lines_until(|line| message(line).ends_with("reloaded"));
    assert!(!format!("{lines:?}").contains("s3cret"), "{lines:#?}");
}

#[test]
fn hang_up_reloads_though_nothing_changed() {
    let server = serve_beside(&env_file(), "secrets.env", "SHOP=one\n");
    wait_for_rest(&server);
    server.signal("HUP");
    server.wait_for_reload();
    fs::write(server.file(), "flow").unwrap();
    server.wait_for_rejection();
    server.signal("HUP");
    server.wait_for_rejection();
    assert_eq!(status(&server, ONE), 200);
}

#[test]
fn hang_up_reads_a_changed_env_file() {
    let server = serve_beside(&env_file(), "secrets.env", "SHOP=one\n");
    fs::write(server.directory().join("secrets.env"), "SHOP=two\n").unwrap();
    server.signal("HUP");
    server.wait_for_reload();
    assert_eq!((status(&server, ONE), status(&server, TWO)), (401, 200));
}

/// A process whose name changes when it is told to: `/proc` shows that without a word to a watch.
struct Renamed(Child);

impl Renamed {
    fn start() -> Self {
        let child = Command::new("sh")
            .args(["-c", "read line; exec sleep 600"])
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let renamed = Self(child);
        renamed.until("sh\n");
        renamed
    }

    fn file(&self) -> String {
        format!("/proc/{}/comm", self.0.id())
    }

    fn rename(&mut self) {
        drop(self.0.stdin.take());
        self.until("sleep\n");
    }

    fn until(&self, name: &str) {
        while fs::read_to_string(self.file()).unwrap() != name {
            std::thread::yield_now();
        }
    }
}

impl Drop for Renamed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

const SH: &str = "Basic c2hvcDpzaA==";
const SLEEP: &str = "Basic c2hvcDpzbGVlcA==";

#[test]
fn a_change_that_no_watch_tells_of_is_found_by_the_poll() {
    let mut renamed = Renamed::start();
    let server = serve_with(&locked(&format!("(file)\"{}\"", renamed.file())), &OFTEN);
    assert_eq!((status(&server, SH), status(&server, SLEEP)), (200, 401));
    renamed.rename();
    server.wait_for_reload();
    assert_eq!((status(&server, SH), status(&server, SLEEP)), (401, 200));
}

#[test]
fn a_change_that_no_watch_tells_of_is_found_on_hang_up() {
    let mut renamed = Renamed::start();
    let server = serve_with(&locked(&format!("(file)\"{}\"", renamed.file())), &NEVER);
    wait_for_rest(&server);
    renamed.rename();
    assert_eq!((status(&server, SH), status(&server, SLEEP)), (200, 401));
    server.signal("HUP");
    server.wait_for_reload();
    assert_eq!((status(&server, SH), status(&server, SLEEP)), (401, 200));
}
