//! What is printed for a sample.

use super::*;

/// The block for some arguments, which `check` has to accept as it is.
fn block(args: &[&str], input: &str) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let args: Vec<&str> = ["parse"].iter().chain(args).copied().collect();
    let block = printed(directory.path(), &args, input);
    let flows = format!("flow \"x\" {{\nwebhook \"/x\" {{\n{block}}}\n}}\n");
    std::fs::write(directory.path().join("flows.kdl"), flows).expect("flows.kdl is written");
    assert_sound(directory.path());
    block
}

/// The one line that a command fails with.
fn refusal(args: &[&str], code: i32) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let args: Vec<&str> = ["parse"].iter().chain(args).copied().collect();
    let output = run(directory.path(), &args);
    assert_eq!(stdout(&output), "", "{args:?}");
    assert_eq!(output.status.code(), Some(code), "{args:?}");
    stderr(&output)
}

#[test]
fn a_url_gives_its_query_as_lines() {
    let url = "https://x.example/?query[0][a]=1&tag=x&tag=y&in=1#top";
    assert_eq!(
        block(&[url], ""),
        r#"parse {
    query "in"         as="query_in" // "1"
    query "query[0].a"               // "1"
    query "tag"        type="list"   // ["x","y"]
}
"#
    );
    assert_eq!(
        block(&[url, "--all"], ""),
        r#"parse {
    query "in"         as="query_in" // "1"
    query "query"      type="list"   // [{"a":"1"}]
    query "query[0]"   type="json"   // {"a":"1"}
    query "query[0].a"               // "1"
    query "tag"        type="list"   // ["x","y"]
}
"#
    );
}

#[test]
fn json_gives_its_leaves_as_lines() {
    let json = r#"{"a":1,"b":{"c":"x"},"items":[{"sku":"A"},{"sku":"B","gift":true}]}"#;
    assert_eq!(
        block(&[json], ""),
        r#"parse {
    body "a"             type="number" // 1
    body "b.c"           type="string" // "x"
    body "items[0].sku"  type="string" // "A"
    body "items[1].gift" type="bool"   // true
}
"#
    );
    assert_eq!(
        block(&["-", "--all"], json),
        r#"parse {
    body "a"             type="number" // 1
    body "b"             type="json"   // {"c":"x"}
    body "b.c"           type="string" // "x"
    body "items"         type="list"   // [{"sku":"A"},{"gift":true,"sku":"B"}]
    body "items[0]"      type="json"   // {"sku":"A"}
    body "items[0].sku"  type="string" // "A"
    body "items[1]"      type="json"   // {"gift":true,"sku":"B"}
    body "items[1].gift" type="bool"   // true
    body "items[1].sku"  type="string" // "B"
}
"#
    );
}

#[test]
fn keys_of_every_kind_are_paths_that_find_them() {
    let json = r#"{
        "unit price": 1, "x": {"unit price": 1, "it's": 1, "": 1}, "größe": 1, "1a": 1,
        "request": 1, "a.b": 1, "a_b": 1, "\"\\\n": 1, "\u0000\u202e": 1
    }"#;
    assert_eq!(
        block(&["--body", json], ""),
        r#"parse {
    body "\u{0}\u{202e}"   as="body_value" type="number"   // 1
    body "$['\"\\\\\\n']"  as="body_value_2" type="number" // 1
    body "1a"              as="body_1a" type="number"      // 1
    body "$['a.b']"        as="body_a_b" type="number"     // 1
    body "a_b"             type="number"                   // 1
    body "größe"           as="gr_e" type="number"         // 1
    body "request"         as="body_request" type="number" // 1
    body "$['unit price']" as="unit_price" type="number"   // 1
    body "x['']"           type="number"                   // 1
    body "$.x['it\\'s']"   as="x_it_s" type="number"       // 1
    body "x['unit price']" type="number"                   // 1
}
"#
    );
}

#[test]
fn values_of_every_kind_give_their_types() {
    let json = r#"{"a": null, "b": true, "c": 1.5, "d": [], "e": {}, "f": [1, [2]],
        "g": "a\nb\u001b[2J // */ \"}", "h": "0123456789012345678901234567890123456789"}"#;
    assert_eq!(
        block(&[], json),
        r#"parse {
    body "a"               // null
    body "b" type="bool"   // true
    body "c" type="number" // 1.5
    body "d" type="list"   // []
    body "e" type="json"   // {}
    body "f" type="list"   // [1,[2]]
    body "g" type="string" // "a\nb\u{1b}[2J // */ \"}"
    body "h" type="string" // "01234567890123456789012345678901234567…
}
"#
    );
}

#[test]
fn a_document_that_is_no_object_is_read_from_its_root() {
    assert_eq!(
        block(&[r#"[{"sku": "A"}, {"sku": "B"}]"#, "--all"], ""),
        r#"parse {
    body "$[0]"     as="body_0" type="json"       // {"sku":"A"}
    body "$[0].sku" as="sku" type="string"        // "A"
    body "$[1]"     as="body_1" type="json"       // {"sku":"B"}
    body "$[1].sku" as="body_1_sku" type="string" // "B"
}
"#
    );
    assert_eq!(
        block(&["--body", "5"], ""),
        "parse {\n    body \"$\" as=\"body\" type=\"number\" // 5\n}\n"
    );
}

#[test]
fn several_samples_make_one_block() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("x.json");
    std::fs::write(&file, r#"{"id": 1, "name": "x"}"#).unwrap();
    let file = format!("@{}", file.display());
    assert_eq!(
        block(
            &[
                "--query",
                "a=1",
                "--query",
                "id=2",
                "--body",
                &file,
                "--header",
                "X-Id: 1",
                "--header",
                "Authorization: Bearer x",
            ],
            ""
        ),
        r#"parse {
    header "X-Id"                            // "1"
    query  "a"                               // "1"
    query  "id"                              // "2"
    body   "id"   as="body_id" type="number" // 1
    body   "name" type="string"              // "x"
}
"#
    );
}

#[test]
fn the_head_of_a_request_gives_its_headers() {
    let head = "POST /x HTTP/1.1\r\nHost: x.example\r\nX-Request-Id: 7\r\nCookie: a=b\r\nX-Tag: a\r\nX-Tag: b\r\nX-Api-Key: abc\r\nContent-Length: 2\r\n\r\n{}";
    assert_eq!(
        block(&["--header"], head),
        r#"parse {
    header "X-Request-Id"               // "7"
    header "X-Tag"        as-list=#true // ["a","b"]
    header "X-Api-Key"                  // ***
}
"#
    );
}

#[test]
fn what_looks_secret_is_not_shown() {
    let json = r#"{"auth": {"user": "me"}, "items": [{"access_token": "hunter2"}],
        "link": "https://me:hunter2@x.example/", "password": "hunter2"}"#;
    for args in [&[json][..], &[json, "--all"]] {
        let block = block(args, "");
        assert!(!block.contains("hunter2"), "{block}");
        assert_eq!(
            block.matches("***").count(),
            if args.len() == 1 { 4 } else { 7 },
            "{block}"
        );
    }
}

#[test]
fn what_is_too_much_is_cut_with_a_note() {
    let members: Vec<String> = (100..800).map(|i| format!("\"k{i}\": {i}")).collect();
    let json = format!("{{{}}}", members.join(","));
    let directory = tempfile::tempdir().unwrap();
    let output = run_with(directory.path(), &["parse"], &json);
    assert_eq!(stdout(&output).lines().count(), 502);
    assert_eq!(
        stderr(&output),
        "hookyard: only the first 500 lines are here, of 700\n"
    );
}

#[test]
fn a_place_without_a_path_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(directory.path(), &["parse", "a.b=1&c=1"]);
    assert_eq!(stdout(&output), "parse {\n    query \"c\" // \"1\"\n}\n");
    assert_eq!(
        stderr(&output),
        "hookyard: no path reaches query [\"a.b\"]: left out\n"
    );
}

#[test]
fn what_is_no_sample_is_refused() {
    for (args, message) in [
        (
            &["hello"][..],
            "the sample is no URL (http://…, https://… or /path?…), no JSON ({…} or […]) and no query (a=1&b=2): say what it is with --query, --body or --header",
        ),
        (&[], "the sample is empty"),
        (
            &["{\"a\": 1,\n \"b\" 2}"],
            "malformed JSON at line 2, column 6: expected `:`",
        ),
        (
            &["a=%zz"],
            "malformed query: a `%` without two hexadecimal digits behind it",
        ),
        (
            &["a=1&a[b]=2"],
            "malformed query: `a[b]` is both text and an object",
        ),
        (
            &["https://x.example/"],
            "the URL has no query: there is no `?` in it",
        ),
        (
            &["--header", "X-Id: 1\nhunter2"],
            "line 2 is no header: one is written `Name: value`",
        ),
        (
            &["@nowhere.json"],
            "cannot read nowhere.json: No such file or directory (os error 2)",
        ),
        (
            &["--header", "Host: x"],
            "there is nothing in the sample that a line could read",
        ),
    ] {
        assert_eq!(refusal(args, 1), format!("hookyard: {message}\n"));
    }
    assert_eq!(
        refusal(&["--query", "--body"], 2),
        "hookyard: standard input can only be one of the samples\n"
    );
}
