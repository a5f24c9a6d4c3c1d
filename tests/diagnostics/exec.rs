use super::refused;

#[test]
fn what_is_wrong_with_a_program_and_its_arguments_is_told() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" required=#true; body "m"; }; }
    exec
    exec "{{ n }}"
    exec "./{{ n }}.sh" cwd="/srv/{{ n }}"
    exec "git pull" as="out"
    exec 5 "a" 6
    exec "echo" "{{ m }}" "{{ secrets.token }}"
    exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
    respond 200
}
"#,
        r#"
  × `exec` needs a program: `exec "./deploy.sh" "argument"`
   ╭─[flows.kdl:3:5]
 2 │     webhook "/a" { parse { body "n" required=#true; body "m"; }; }
 3 │     exec
   ·     ────
 4 │     exec "{{ n }}"
   ╰────

  × the program cannot have a placeholder
   ╭─[flows.kdl:4:11]
 3 │     exec
 4 │     exec "{{ n }}"
   ·           ───────
 5 │     exec "./{{ n }}.sh" cwd="/srv/{{ n }}"
   ╰────
  help: whoever sends a request must not choose what is run, nor where; arguments can have
        placeholders

  × the program cannot have a placeholder
   ╭─[flows.kdl:5:13]
 4 │     exec "{{ n }}"
 5 │     exec "./{{ n }}.sh" cwd="/srv/{{ n }}"
   ·             ──────────
 6 │     exec "git pull" as="out"
   ╰────
  help: whoever sends a request must not choose what is run, nor where; arguments can have
        placeholders

  × `cwd` cannot have a placeholder
   ╭─[flows.kdl:5:35]
 4 │     exec "{{ n }}"
 5 │     exec "./{{ n }}.sh" cwd="/srv/{{ n }}"
   ·                                   ───────
 6 │     exec "git pull" as="out"
   ╰────
  help: whoever sends a request must not choose what is run, nor where; arguments can have
        placeholders

  × "git pull" is no name of a program
   ╭─[flows.kdl:6:10]
 5 │     exec "./{{ n }}.sh" cwd="/srv/{{ n }}"
 6 │     exec "git pull" as="out"
   ·          ──────────
 7 │     exec 5 "a" 6
   ╰────
  help: no shell takes it apart: each argument is a text of its own, like `exec "git" "pull"`

  × a program is text in quotes, found 5
   ╭─[flows.kdl:7:10]
 6 │     exec "git pull" as="out"
 7 │     exec 5 "a" 6
   ·          ─
 8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
   ╰────

  × an argument is text in quotes, found 6
   ╭─[flows.kdl:7:16]
 6 │     exec "git pull" as="out"
 7 │     exec 5 "a" 6
   ·                ─
 8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
   ╰────

  × `m` may be absent
   ╭─[flows.kdl:8:21]
 7 │     exec 5 "a" 6
 8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
   ·                     ─
 9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
   ╰────
  help: make it `required=#true`, give it a `default=`, or guard it: `m is defined and …`, `m |
        default(…)`

  × nothing is called `secrets` here
   ╭─[flows.kdl:8:31]
 7 │     exec 5 "a" 6
 8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
   ·                               ───────
 9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
   ╰────
  help: a secret may stand in the URL, the query, the headers and the body of `http`, and in `env`
        and `stdin` of `exec`

  × `Run` cannot name a variable
    ╭─[flows.kdl:9:20]
  8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
  9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
    ·                    ─────
 10 │     respond 200
    ╰────
  help: a name is lower-case letters, digits and `_`, no digit first

  × `timeout` is a time like "500ms", "10s" or "5m", found "fast"
    ╭─[flows.kdl:9:34]
  8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
  9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
    ·                                  ──────
 10 │     respond 200
    ╰────

  × `allow-dash` is `#true` or `#false`, found "yes"
    ╭─[flows.kdl:9:52]
  8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
  9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
    ·                                                    ─────
 10 │     respond 200
    ╰────

  × `exec` has no property `shell`
    ╭─[flows.kdl:9:58]
  8 │     exec "echo" "{{ m }}" "{{ secrets.token }}"
  9 │     exec "echo" as="Run" timeout="fast" allow-dash="yes" shell=#true
    ·                                                          ─────
 10 │     respond 200
    ╰────
  help: it has `as`, `timeout`, `cwd` and `allow-dash`
flows.kdl: 13 errors
"#,
    );
}

#[test]
fn what_is_wrong_with_what_a_program_is_given_is_told() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a" { parse { body "n" required=#true; }; }
    exec "a" {
        env "A"
        env TOKEN="x"
        env "A-B" "x"
        env "B" "x"
        env "B" "y"
        accept-codes
        max-output "1GiB"
        stdin
    }
    exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
    exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    exec "a" accept-codes=2 { timeout "5s"; }
    respond 200
}
"#,
        r#"
  × `env` needs a name and a value
   ╭─[flows.kdl:4:9]
 3 │     exec "a" {
 4 │         env "A"
   ·         ───────
 5 │         env TOKEN="x"
   ╰────
  help: `env "TOKEN" "{{ secrets.token }}"`

  × `env` needs a name and a value
   ╭─[flows.kdl:5:9]
 4 │         env "A"
 5 │         env TOKEN="x"
   ·         ─────────────
 6 │         env "A-B" "x"
   ╰────
  help: `env "TOKEN" "{{ secrets.token }}"`

  × "A-B" cannot name an environment variable
   ╭─[flows.kdl:6:13]
 5 │         env TOKEN="x"
 6 │         env "A-B" "x"
   ·             ─────
 7 │         env "B" "x"
   ╰────
  help: a name is letters, digits and `_`, no digit first

  × the environment variable `B` is given twice
   ╭─[flows.kdl:8:9]
 7 │         env "B" "x"
 8 │         env "B" "y"
   ·         ───────────
 9 │         accept-codes
   ╰────

  × `accept-codes` needs an exit code
    ╭─[flows.kdl:9:9]
  8 │         env "B" "y"
  9 │         accept-codes
    ·         ────────────
 10 │         max-output "1GiB"
    ╰────
  help: `accept-codes 0 2`

  × `max-output` is at most "64MiB", found "1GiB"
    ╭─[flows.kdl:10:20]
  9 │         accept-codes
 10 │         max-output "1GiB"
    ·                    ──────
 11 │         stdin
    ╰────

  × `stdin` needs a text
    ╭─[flows.kdl:11:9]
 10 │         max-output "1GiB"
 11 │         stdin
    ·         ─────
 12 │     }
    ╰────
  help: `stdin body=#true` is the body of the request, as it came

  × `body` without quotes is only the word
    ╭─[flows.kdl:13:22]
 12 │     }
 13 │     exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
    ·                      ────
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    ╰────
  help: `stdin body=#true` is the body of the request, as it came

  × an exit code is a whole number from 0 to 255, found 256
    ╭─[flows.kdl:13:43]
 12 │     }
 13 │     exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
    ·                                           ───
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    ╰────

  × `max-output` is a size like "64KiB" or "1MiB", found "big"
    ╭─[flows.kdl:13:59]
 12 │     }
 13 │     exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
    ·                                                           ─────
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    ╰────

  × `stdin` is a text or the body, not both
    ╭─[flows.kdl:14:16]
 13 │     exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    ·                ────────────────────
 15 │     exec "a" accept-codes=2 { timeout "5s"; }
    ╰────
  help: `stdin body=#true` is the body of the request, as it came

  × unknown node `enviroment` in `exec`
    ╭─[flows.kdl:14:38]
 13 │     exec "a" { stdin body; accept-codes 0 256; max-output "big"; }
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
    ·                                      ──────────
 15 │     exec "a" accept-codes=2 { timeout "5s"; }
    ╰────
  help: allowed here: `on-error`, `retry`, `env`, `stdin`, `accept-codes` and `max-output`

  × `exec` has no property `accept-codes`
    ╭─[flows.kdl:15:14]
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
 15 │     exec "a" accept-codes=2 { timeout "5s"; }
    ·              ────────────
 16 │     respond 200
    ╰────
  help: `accept-codes` is a node of its own: write it inside `exec { … }`

  × `timeout` is a property of `exec`
    ╭─[flows.kdl:15:31]
 14 │     exec "a" { stdin "x" body=#true; enviroment "A" "b"; }
 15 │     exec "a" accept-codes=2 { timeout "5s"; }
    ·                               ───────
 16 │     respond 200
    ╰────
  help: write it on the line of `exec`: `timeout=…`
flows.kdl: 14 errors
"#,
    );
}

#[test]
fn a_retry_says_how_often_and_stands_where_something_is_tried_again() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    exec "a" { retry; }
    exec "a" { retry attemps=3; }
    exec "a" { retry attempts=1 backoff="soon" max="400days"; }
    exec "a" { retry attempts=3 backoff="10m"; }
    exec "a" { retry attempts=3; retry attempts=4; }
    log "x" { retry attempts=3; }
    branch { when "1 > 2" { log "x"; }; retry attempts=3; }
    retry attempts=3
    respond 200
}
"#,
        r#"
  × `retry` needs `attempts=`
   ╭─[flows.kdl:3:16]
 2 │     webhook "/a"
 3 │     exec "a" { retry; }
   ·                ─────
 4 │     exec "a" { retry attemps=3; }
   ╰────
  help: `retry attempts=3`: it is tried three times in all

  × `retry` has no property `attemps`
   ╭─[flows.kdl:4:22]
 3 │     exec "a" { retry; }
 4 │     exec "a" { retry attemps=3; }
   ·                      ───────
 5 │     exec "a" { retry attempts=1 backoff="soon" max="400days"; }
   ╰────
  help: did you mean `attempts`?

  × `attempts` is a whole number from 2 to 100, found 1
   ╭─[flows.kdl:5:31]
 4 │     exec "a" { retry attemps=3; }
 5 │     exec "a" { retry attempts=1 backoff="soon" max="400days"; }
   ·                               ─
 6 │     exec "a" { retry attempts=3 backoff="10m"; }
   ╰────

  × `backoff` is a time like "500ms", "10s" or "5m", found "soon"
   ╭─[flows.kdl:5:41]
 4 │     exec "a" { retry attemps=3; }
 5 │     exec "a" { retry attempts=1 backoff="soon" max="400days"; }
   ·                                         ──────
 6 │     exec "a" { retry attempts=3 backoff="10m"; }
   ╰────

  × `max` is at most "365days", found "400days"
   ╭─[flows.kdl:5:52]
 4 │     exec "a" { retry attemps=3; }
 5 │     exec "a" { retry attempts=1 backoff="soon" max="400days"; }
   ·                                                    ─────────
 6 │     exec "a" { retry attempts=3 backoff="10m"; }
   ╰────

  × `backoff`, which is 600s, is longer than `max`, which is 300s
   ╭─[flows.kdl:6:41]
 5 │     exec "a" { retry attempts=1 backoff="soon" max="400days"; }
 6 │     exec "a" { retry attempts=3 backoff="10m"; }
   ·                                         ─────
 7 │     exec "a" { retry attempts=3; retry attempts=4; }
   ╰────
  help: the pause before a try grows from `backoff` up to `max`

  × `retry` is given twice in `exec`
   ╭─[flows.kdl:7:34]
 6 │     exec "a" { retry attempts=3 backoff="10m"; }
 7 │     exec "a" { retry attempts=3; retry attempts=4; }
   ·                ──┬──             ──┬──
   ·                  │                 ╰── again here
   ·                  ╰── first here
 8 │     log "x" { retry attempts=3; }
   ╰────

  × `log` is never tried again
   ╭─[flows.kdl:8:15]
 7 │     exec "a" { retry attempts=3; retry attempts=4; }
 8 │     log "x" { retry attempts=3; }
   ·               ─────
 9 │     branch { when "1 > 2" { log "x"; }; retry attempts=3; }
   ╰────
  help: `retry` stands in the block of `exec` or `http`

  × `branch` is never tried again
    ╭─[flows.kdl:9:41]
  8 │     log "x" { retry attempts=3; }
  9 │     branch { when "1 > 2" { log "x"; }; retry attempts=3; }
    ·                                         ─────
 10 │     retry attempts=3
    ╰────
  help: `retry` stands in the block of `exec` or `http`

  × there is no step `retry`
    ╭─[flows.kdl:10:5]
  9 │     branch { when "1 > 2" { log "x"; }; retry attempts=3; }
 10 │     retry attempts=3
    ·     ─────
 11 │     respond 200
    ╰────
  help: `retry` stands in the block of `exec` or `http`
flows.kdl: 10 errors
"#,
    );
}

#[test]
fn what_came_of_a_program_may_be_absent_where_its_step_may_have_failed() {
    refused(
        r#"flow "a" mode="sync" {
    webhook "/a"
    exec "a" as="out" { on-error { log "{{ out.code }}"; }; }
    set code="{{ out.code }}"
    exec "b" as="later"
    set code="{{ later.code }}"
    log "{{ secrets.token }}"
    respond 200
}
"#,
        r#"
  × `out` may be absent
   ╭─[flows.kdl:4:18]
 3 │     exec "a" as="out" { on-error { log "{{ out.code }}"; }; }
 4 │     set code="{{ out.code }}"
   ·                  ───
 5 │     exec "b" as="later"
   ╰────
  help: set it on every way to here, or guard it: `out is defined and …`, `out | default(…)`

  × nothing is called `secrets` here
   ╭─[flows.kdl:7:13]
 6 │     set code="{{ later.code }}"
 7 │     log "{{ secrets.token }}"
   ·             ───────
 8 │     respond 200
   ╰────
  help: a secret may stand in the URL, the query, the headers and the body of `http`, and in `env`
        and `stdin` of `exec`
flows.kdl: 2 errors
"#,
    );
}
