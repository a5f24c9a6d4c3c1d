//! Every way of saving a file goes live, again and again.

use std::{
    fs,
    io::Write,
    os::unix::fs::symlink,
    path::Path,
    process::{Command, Stdio},
};

use crate::{harness::*, support::Server};

/// Saves twice in the same way: a watch that is lost with the first is noticed with the second.
fn saved_by(way: impl Fn(&Server, &str)) {
    let server = serve(&answering("one"));
    assert_eq!(answer(&server), "one");
    for expected in ["two", "three"] {
        way(&server, &answering(expected));
        wait_for_answer(&server, expected);
    }
}

#[test]
fn a_save_in_place_goes_live() {
    saved_by(save);
}

#[test]
fn a_save_that_truncates_and_writes_in_steps_goes_live() {
    saved_by(|server, text| {
        let mut file = fs::File::create(server.file()).unwrap();
        for step in text.as_bytes().chunks(7) {
            file.write_all(step).unwrap();
            file.sync_data().unwrap();
        }
    });
}

#[test]
fn a_save_that_moves_the_old_file_away_and_writes_a_new_one_goes_live() {
    // vim with `backupcopy=no`: the file becomes the backup, and a new one takes its name.
    saved_by(|server, text| {
        let backup = server.directory().join("flows.kdl~");
        fs::write(server.directory().join("4913"), "").unwrap();
        fs::remove_file(server.directory().join("4913")).unwrap();
        fs::rename(server.file(), &backup).unwrap();
        fs::write(server.file(), text).unwrap();
        fs::remove_file(&backup).unwrap();
    });
}

#[test]
fn a_save_that_moves_a_new_file_over_the_old_one_goes_live() {
    // What every program does that saves atomically.
    saved_by(|server, text| {
        let aside = server.directory().join(".flows.kdl.tmp");
        fs::write(&aside, text).unwrap();
        fs::rename(&aside, server.file()).unwrap();
    });
}

#[test]
#[ignore = "needs vim"]
fn a_save_of_vim_itself_goes_live() {
    for backupcopy in ["no", "yes"] {
        saved_by(|server, text| {
            let saved = Command::new("vim")
                .args(["-es", "-u", "NONE", "-c"])
                .arg(format!(
                    "set backup backupcopy={backupcopy} | %d | 0put =$TEXT | $d | x"
                ))
                .arg(server.file())
                .env("TEXT", text.trim_end())
                .stdin(Stdio::null())
                .status()
                .unwrap();
            assert!(saved.success());
        });
    }
}

#[test]
fn a_file_that_is_deleted_and_written_anew_goes_live() {
    saved_by(|server, text| {
        fs::remove_file(server.file()).unwrap();
        server.wait_for_rejection();
        assert_eq!(server.post("/a", "").status, 200);
        fs::write(server.file(), text).unwrap();
    });
}

#[test]
fn a_second_name_of_the_file_is_as_good_as_the_first() {
    let server = serve(&answering("one"));
    fs::create_dir(server.directory().join("elsewhere")).unwrap();
    let other = server.directory().join("elsewhere/flows.kdl");
    fs::hard_link(server.file(), &other).unwrap();
    fs::write(&other, answering("two")).unwrap();
    wait_for_answer(&server, "two");
}

fn git(directory: &Path, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@t.test"])
        .args(args)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {output:?}");
}

#[test]
#[ignore = "needs git"]
fn a_checkout_of_another_branch_goes_live() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path();
    let commit = |entry: String| {
        fs::write(root.join("flows.kdl"), entry).unwrap();
        git(root, &["add", "--all"]);
        git(root, &["commit", "--quiet", "--message", "a change"]);
    };
    let include = "include \"more/*.kdl\"\n";
    git(root, &["init", "--quiet", "--initial-branch", "main"]);
    commit(answering("one"));
    git(root, &["checkout", "--quiet", "-b", "other"]);
    fs::create_dir(root.join("more")).unwrap();
    fs::write(root.join("more/b.kdl"), flow("b", "from another file")).unwrap();
    commit(answering("two") + include);
    git(root, &["checkout", "--quiet", "main"]);
    let server = serve_in(directory, "flows.kdl", &NEVER);
    for _ in 0..2 {
        git(server.directory(), &["checkout", "--quiet", "other"]);
        wait_for_answer(&server, "two");
        assert_eq!(server.post("/b", "").body, "from another file");
        git(server.directory(), &["checkout", "--quiet", "main"]);
        wait_for_answer(&server, "one");
        assert_eq!(server.post("/b", "").status, 404);
    }
}

/// What a kubelet makes of a ConfigMap: the name leads through `..data` to a directory that is
/// replaced as a whole.
fn config_map(conf: &Path, version: &str, text: &str) {
    let data = conf.join(format!("..{version}"));
    fs::create_dir_all(&data).unwrap();
    fs::write(data.join("flows.kdl"), text).unwrap();
    symlink(format!("..{version}"), conf.join("..data_tmp")).unwrap();
    fs::rename(conf.join("..data_tmp"), conf.join("..data")).unwrap();
}

#[test]
fn a_symlink_on_the_way_that_is_swapped_goes_live() {
    let directory = tempfile::tempdir().unwrap();
    let conf = directory.path().join("conf");
    config_map(&conf, "1", &answering("one"));
    symlink("..data/flows.kdl", conf.join("flows.kdl")).unwrap();
    let server = serve_in(directory, "conf/flows.kdl", &NEVER);
    for (version, expected) in [("2", "two"), ("3", "three")] {
        config_map(&conf, version, &answering(expected));
        wait_for_answer(&server, expected);
        let before: i32 = version.parse::<i32>().unwrap() - 1;
        fs::remove_dir_all(conf.join(format!("..{before}"))).unwrap();
    }
}

#[test]
fn a_swap_that_changes_no_content_is_followed_to_where_the_next_change_will_be() {
    let directory = tempfile::tempdir().unwrap();
    let conf = directory.path().join("conf");
    config_map(&conf, "1", &answering("one"));
    symlink("..data/flows.kdl", conf.join("flows.kdl")).unwrap();
    let server = serve_in(directory, "conf/flows.kdl", &NEVER);
    wait_for_rest(&server);
    config_map(&conf, "2", &answering("one"));
    // Once for the swap, once for what may have changed while the new places were found.
    wait_for_look(&server, "unchanged");
    wait_for_look(&server, "unchanged");
    fs::write(conf.join("..2/flows.kdl"), answering("two")).unwrap();
    wait_for_answer(&server, "two");
}

#[test]
fn the_target_of_a_symlink_that_is_replaced_goes_live() {
    let directory = tempfile::tempdir().unwrap();
    let target = directory.path().join("checkout/flows.kdl");
    fs::create_dir(directory.path().join("checkout")).unwrap();
    fs::write(&target, answering("one")).unwrap();
    symlink("checkout/flows.kdl", directory.path().join("flows.kdl")).unwrap();
    let server = serve_in(directory, "flows.kdl", &NEVER);
    for expected in ["two", "three"] {
        fs::write(target.with_extension("new"), answering(expected)).unwrap();
        fs::rename(target.with_extension("new"), &target).unwrap();
        wait_for_answer(&server, expected);
    }
    fs::write(&target, answering("in place")).unwrap();
    wait_for_answer(&server, "in place");
}

#[test]
fn a_directory_that_is_deleted_and_made_again_goes_live() {
    let directory = tempfile::tempdir().unwrap();
    let conf = directory.path().join("conf");
    fs::create_dir(&conf).unwrap();
    fs::write(conf.join("flows.kdl"), answering("one")).unwrap();
    let server = serve_in(directory, "conf/flows.kdl", &NEVER);
    // Noticed while it is away, or too soon for that: either way.
    for (expected, is_slow) in [("two", true), ("three", false)] {
        fs::remove_dir_all(&conf).unwrap();
        if is_slow {
            server.wait_for_rejection();
        }
        fs::create_dir(&conf).unwrap();
        fs::write(conf.join("flows.kdl"), answering(expected)).unwrap();
        wait_for_answer(&server, expected);
    }
    fs::write(conf.join("flows.kdl"), answering("in place")).unwrap();
    wait_for_answer(&server, "in place");
}

#[test]
fn a_directory_that_another_one_takes_the_place_of_goes_live() {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().to_owned();
    for (name, answer) in [("conf", "one"), ("next", "two")] {
        fs::create_dir(root.join(name)).unwrap();
        fs::write(root.join(name).join("flows.kdl"), answering(answer)).unwrap();
    }
    let server = serve_in(directory, "conf/flows.kdl", &NEVER);
    fs::rename(root.join("conf"), root.join("before")).unwrap();
    fs::rename(root.join("next"), root.join("conf")).unwrap();
    wait_for_answer(&server, "two");
    fs::write(root.join("conf/flows.kdl"), answering("three")).unwrap();
    wait_for_answer(&server, "three");
}

#[test]
fn other_files_beside_the_configuration_do_not_have_it_read() {
    let server = serve(&answering("one"));
    wait_for_rest(&server);
    let log = server.directory().join("hookyard.log");
    for line in ["a line\n", "another\n"] {
        fs::write(&log, line).unwrap();
    }
    save(&server, &answering("two"));
    let lines = server.lines_until(|line| line["found"] == "sound");
    let looks = lines.iter().filter(|line| line["found"].is_string());
    assert_eq!(looks.count(), 1, "{lines:#?}");
}
