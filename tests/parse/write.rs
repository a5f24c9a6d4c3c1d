//! What is put into a configuration.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
};

use super::*;

const FLOWS: &str = r#"// the shop
flow "payment" mode="sync" {
    webhook "/payments" {      // from the shop
        parse {
            header "X-Id"   // one
            body   "order['id']" as="order" /* two */
            // nothing below
        }
    }

    respond 200
}

flow "deploy" {
    webhook "/deploy" // by CI
    set  a="1"
}
"#;

const SAMPLE: &str = r#"{"order": {"id": "A-1"}, "amount": 5, "id": 1}"#;

fn directory(flows: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    fs::write(directory.path().join("flows.kdl"), flows).expect("flows.kdl is written");
    directory
}

fn flows(directory: &tempfile::TempDir) -> String {
    fs::read_to_string(directory.path().join("flows.kdl")).expect("flows.kdl is there")
}

#[test]
fn lines_that_are_missing_are_added_and_all_else_stays() {
    let directory = directory(FLOWS);
    let args = ["parse", SAMPLE, "--header", "x-id: 1", "--flow", "payment"];
    assert_eq!(
        printed(directory.path(), &args, ""),
        "body \"amount\" type=\"number\" // 5\nbody \"id\"     type=\"number\" // 1\n"
    );
    assert_eq!(flows(&directory), FLOWS, "only printed");

    let args = [&args[..], &["--write"]].concat();
    assert_eq!(
        printed(directory.path(), &args, ""),
        r#"flows.kdl: flow "payment": 2 added, 2 there already
  + body "amount" type="number" // 5
  + body "id"     type="number" // 1
  = header "x-id"
  = body "order.id"
"#
    );
    let expected = FLOWS.replace(
        "            // nothing below\n",
        "            // nothing below\n            body \"amount\" type=\"number\" // 5\n            body \"id\"     type=\"number\" // 1\n",
    );
    assert_eq!(flows(&directory), expected);
    assert_sound(directory.path());

    assert_eq!(
        printed(directory.path(), &args, ""),
        r#"flows.kdl: flow "payment": 0 added, 4 there already
  = header "x-id"
  = body "amount"
  = body "id"
  = body "order.id"
"#
    );
    assert_eq!(flows(&directory), expected, "again changes nothing");
}

#[test]
fn a_webhook_without_a_block_gets_one_and_names_in_use_are_kept_clear_of() {
    let directory = directory(FLOWS);
    let args = ["parse", "a=1", "--flow", "deploy", "--write"];
    printed(directory.path(), &args, "");
    let expected = FLOWS.replace(
        "    webhook \"/deploy\" // by CI\n",
        r#"    webhook "/deploy" { // by CI
        parse {
            query "a" as="query_a" // "1"
        }
    }
"#,
    );
    assert_eq!(flows(&directory), expected);
    assert_sound(directory.path());
}

#[test]
fn a_flow_in_an_included_file_is_written_there_behind_its_link() {
    let directory = directory("include \"flows/*.kdl\"\n");
    let path = |name: &str| directory.path().join(name);
    fs::create_dir(path("flows")).unwrap();
    fs::create_dir(path("shared")).unwrap();
    fs::write(path("shared/a"), "flow \"a\" {\n\twebhook\n}\n").unwrap();
    fs::set_permissions(path("shared/a"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("../shared/a", path("flows/a.kdl")).unwrap();
    fs::write(path("flows/b.kdl"), "flow \"b\" { webhook; }\n").unwrap();

    let args = ["parse", "x=1", "--flow", "a", "--write"];
    assert_eq!(
        printed(directory.path(), &args, ""),
        "flows/a.kdl: flow \"a\": 1 added, 0 there already\n  + query \"x\" // \"1\"\n"
    );
    assert_eq!(
        fs::read_to_string(path("shared/a")).unwrap(),
        "flow \"a\" {\n\twebhook {\n\t\tparse {\n\t\t\tquery \"x\" // \"1\"\n\t\t}\n\t}\n}\n"
    );
    let mode = fs::metadata(path("shared/a")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(path("flows/a.kdl").symlink_metadata().unwrap().is_symlink());
    assert_eq!(flows(&directory), "include \"flows/*.kdl\"\n");
    assert_eq!(fs::read_dir(path("shared")).unwrap().count(), 1);
    assert_sound(directory.path());
}

#[test]
fn a_file_that_cannot_be_read_as_kdl_is_left_alone() {
    let broken = "flow \"x\" {\n    webhook {\n}\n";
    let directory = directory(broken);
    let output = run(
        directory.path(),
        &["parse", "a=1", "--flow", "x", "--write"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert!(
        stderr(&output).contains("is not closed"),
        "{}",
        stderr(&output)
    );
    assert_eq!(flows(&directory), broken);
}

#[test]
fn nothing_is_written_that_would_break_the_configuration() {
    // The expression is wrong now, and would be wrong in another way.
    let before = "flow \"x\" {\n    webhook\n    set y=\"{{ a }}\"\n}\n";
    let directory = directory(before);
    let output = run(
        directory.path(),
        &["parse", "a=1", "--flow", "x", "--write"],
    );
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("`a` may be absent"), "{told}");
    assert!(!told.contains("nothing is called"), "{told}");
    assert!(
        told.ends_with(
            "hookyard: with these lines the configuration would be broken: nothing is written\n"
        ),
        "{told}"
    );
    assert_eq!(flows(&directory), before);
}

#[test]
fn errors_that_were_there_before_are_no_hindrance() {
    let directory = directory("flow \"x\" {\n    webhook\n    nonsense\n}\n");
    let args = ["parse", "a=1", "--flow", "x", "--write"];
    printed(directory.path(), &args, "");
    assert!(
        flows(&directory).contains("query \"a\""),
        "{}",
        flows(&directory)
    );
}

#[test]
fn a_flow_that_is_not_there_is_told() {
    let directory = directory("flow \"payment\" {\n    webhook\n}\n");
    let output = run(directory.path(), &["parse", "a=1", "--flow", "paymnet"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "hookyard: there is no flow \"paymnet\": did you mean \"payment\"?\n"
    );
    let output = run(
        directory.path(),
        &["parse", "a=1", "--flow", "payment", "--file", "no.kdl"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("there is no file `no.kdl`"),
        "{}",
        stderr(&output)
    );
}
