use super::{accepted, refused};

#[test]
fn an_unknown_setting_of_the_server_is_named_with_the_one_that_is_meant() {
    refused(
        r#"server {
    lisen "127.0.0.1:13000"
    port 80
    max_connections 3
    timeouts headr="1s"
}
"#,
        r#"
  × unknown node `lisen` in `server`
   ╭─[flows.kdl:2:5]
 1 │ server {
 2 │     lisen "127.0.0.1:13000"
   ·     ─────
 3 │     port 80
   ╰────
  help: did you mean `listen`?

  × unknown node `port` in `server`
   ╭─[flows.kdl:3:5]
 2 │     lisen "127.0.0.1:13000"
 3 │     port 80
   ·     ────
 4 │     max_connections 3
   ╰────
  help: allowed here: `listen`, `public-url`, `max-body`, `timeouts`, `max-connections`,
        `outbound`, `queue` and `history`

  × unknown node `max_connections` in `server`
   ╭─[flows.kdl:4:5]
 3 │     port 80
 4 │     max_connections 3
   ·     ───────────────
 5 │     timeouts headr="1s"
   ╰────
  help: did you mean `max-connections`?

  × `timeouts` has no property `headr`
   ╭─[flows.kdl:5:14]
 4 │     max_connections 3
 5 │     timeouts headr="1s"
   ·              ─────
 6 │ }
   ╰────
  help: did you mean `header`?
flows.kdl: 4 errors
"#,
    );
}

#[test]
fn addresses_sizes_and_times_of_the_wrong_form_say_what_the_right_one_is() {
    refused(
        r#"server {
    listen "localhost:80" ":8080" 80
    public-url "hooks.example.org"
    max-body "1mb"
    timeouts header="10" body=5
    max-connections 0
}
"#,
        r#"
  × "localhost:80" is no address to listen on
   ╭─[flows.kdl:2:12]
 1 │ server {
 2 │     listen "localhost:80" ":8080" 80
   ·            ──────────────
 3 │     public-url "hooks.example.org"
   ╰────
  help: "127.0.0.1:80" for this machine alone, "[::]:80" for everybody

  × ":8080" is no address to listen on
   ╭─[flows.kdl:2:27]
 1 │ server {
 2 │     listen "localhost:80" ":8080" 80
   ·                           ───────
 3 │     public-url "hooks.example.org"
   ╰────
  help: "127.0.0.1:8080" for this machine alone, "[::]:8080" for everybody

  × an address is text in quotes, found 80
   ╭─[flows.kdl:2:35]
 1 │ server {
 2 │     listen "localhost:80" ":8080" 80
   ·                                   ──
 3 │     public-url "hooks.example.org"
   ╰────
  help: "127.0.0.1:80" for this machine alone, "[::]:80" for everybody

  × "hooks.example.org" is no URL that paths can be added to
   ╭─[flows.kdl:3:16]
 2 │     listen "localhost:80" ":8080" 80
 3 │     public-url "hooks.example.org"
   ·                ───────────────────
 4 │     max-body "1mb"
   ╰────
  help: "https://hooks.example.org": scheme, host, perhaps a path; no user, no query

  × `max-body` is a size like "64KiB" or "1MiB", found "1mb"
   ╭─[flows.kdl:4:14]
 3 │     public-url "hooks.example.org"
 4 │     max-body "1mb"
   ·              ─────
 5 │     timeouts header="10" body=5
   ╰────

  × `header` is a time like "500ms", "10s" or "5m", found "10"
   ╭─[flows.kdl:5:21]
 4 │     max-body "1mb"
 5 │     timeouts header="10" body=5
   ·                     ────
 6 │     max-connections 0
   ╰────

  × `body` is a time like "500ms", "10s" or "5m", found 5
   ╭─[flows.kdl:5:31]
 4 │     max-body "1mb"
 5 │     timeouts header="10" body=5
   ·                               ─
 6 │     max-connections 0
   ╰────
  help: write "5s" for seconds

  × `max-connections` is a whole number from 1 to 1000000, found 0
   ╭─[flows.kdl:6:21]
 5 │     timeouts header="10" body=5
 6 │     max-connections 0
   ·                     ─
 7 │ }
   ╰────
flows.kdl: 8 errors
"#,
    );
}

#[test]
fn a_server_that_is_there_twice_is_told_once() {
    refused(
        r#"server { listen "127.0.0.1:13000"; }
server { listen "127.0.0.1:13001"; max-body "1 furlong"; }
"#,
        r#"
  × `server` is there twice
   ╭─[flows.kdl:2:1]
 1 │ server { listen "127.0.0.1:13000"; }
   · ───┬──
   ·    ╰── first here
 2 │ server { listen "127.0.0.1:13001"; max-body "1 furlong"; }
   · ──────
   ╰────
flows.kdl: 1 error
"#,
    );
}

#[test]
fn an_address_that_is_listened_on_twice_is_told() {
    refused(
        r#"server {
    listen "127.0.0.1:13000" "unix:http.sock"
    listen "127.0.0.1:13000"
}
"#,
        r#"
  × a Unix socket takes an absolute path
   ╭─[flows.kdl:2:30]
 1 │ server {
 2 │     listen "127.0.0.1:13000" "unix:http.sock"
   ·                              ────────────────
 3 │     listen "127.0.0.1:13000"
   ╰────
  help: "unix:/run/hookyard/http.sock"

  × `127.0.0.1:13000` is listened on twice
   ╭─[flows.kdl:3:12]
 2 │     listen "127.0.0.1:13000" "unix:http.sock"
 3 │     listen "127.0.0.1:13000"
   ·            ─────────────────
 4 │ }
   ╰────
flows.kdl: 2 errors
"#,
    );
}

#[test]
fn an_unquoted_url_is_told_as_what_it_reads_as() {
    refused(
        r#"server { public-url https://hooks.example.org }
"#,
        r#"
  × this URL is not quoted: everything from `//` on reads as a comment
   ╭─[flows.kdl:1:21]
 1 │ server { public-url https://hooks.example.org }
   ·                     ─────────────────────────
   ╰────
  help: write `"https://hooks.example.org"`
flows.kdl: 1 error
"#,
    );
}

#[test]
fn a_configuration_without_flows_is_a_warning() {
    accepted(
        r#"server { listen "127.0.0.1:13000"; }
"#,
        r#"
  ⚠ there is no flow: every request is answered 404
flows.kdl: 0 flows, 1 warning
"#,
    );
}

#[test]
fn a_time_is_at_most_365_days() {
    accepted(
        "server {\n    timeouts header=\"365days\" body=\"8760h\"\n}\nflow \"a\" { webhook \"/a\"; }\n",
        "flows.kdl: 1 flow\n",
    );
    refused(
        r#"server {
    timeouts header="300000000000years"
}
flow "a" mode="sync" timeout="365days 1s" { webhook "/a"; }
"#,
        r#"
  × `header` is at most "365days", found "300000000000years"
   ╭─[flows.kdl:2:21]
 1 │ server {
 2 │     timeouts header="300000000000years"
   ·                     ───────────────────
 3 │ }
   ╰────

  × `timeout` is at most "365days", found "365days 1s"
   ╭─[flows.kdl:4:30]
 3 │ }
 4 │ flow "a" mode="sync" timeout="365days 1s" { webhook "/a"; }
   ·                              ────────────
   ╰────
flows.kdl: 2 errors
"#,
    );
}
