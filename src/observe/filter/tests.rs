use proptest::prelude::*;

use super::*;

fn error(text: &str) -> (&str, String) {
    match Filter::parse(text) {
        Ok(filter) => panic!("{text} is a filter: {filter:?}"),
        Err(error) => (&text[error.span.clone()], error.to_string()),
    }
}

#[test]
fn what_is_no_filter_names_the_word_and_what_is_taken() {
    const IS: &str = "is: takes error, failed, refused, succeeded, waiting, parked, running, dead, cancelled, skipped, timed-out, dry";
    const NUMBER: &str = "< and > take a number, like var.amount>=99.5";
    for (text, word, says) in [
        ("flow:a is:faild b", "is:faild", IS),
        ("is:", "is:", IS),
        ("is:ok|faild", "faild", IS),
        ("flow:", "flow:", "flow: takes a name or a part of one"),
        (
            "status:teapot",
            "status:teapot",
            "status: takes 404, 4xx or >=400",
        ),
        (
            "status:>=4xx",
            "status:>=4xx",
            "status: takes 404, 4xx or >=400",
        ),
        ("status:>", "status:>", "status: takes 404, 4xx or >=400"),
        (
            "took:fast",
            "took:fast",
            "took: takes a time like 50ms, 2s or 1m, or <50ms",
        ),
        (
            "since:5",
            "since:5",
            "since: takes a time like 30s, 5m or 2h",
        ),
        ("since:>5m", "since:>5m", "since: does not take < or >"),
        ("flow<b", "flow<b", "flow: does not take < or >"),
        ("var.amount>lots", "var.amount>lots", NUMBER),
        ("hdr.x>NaN", "hdr.x>NaN", NUMBER),
        ("var.amount=", "var.amount=", "var.NAME= takes a value"),
        (
            "flow:a !Stauts:404",
            "!Stauts:404",
            "did you mean `status:`? In quotes it is text",
        ),
        (
            "stat>=400",
            "stat>=400",
            "did you mean `status:`? In quotes it is text",
        ),
        (
            "a|vra.repo=acme",
            "vra.repo=acme",
            "did you mean `var.NAME=`? In quotes it is text",
        ),
        ("| a", "|", "something has to stand in front of |"),
        ("a || b", "|", "something has to stand in front of |"),
        (
            "größe:x status:4xx|",
            "|",
            "something has to stand behind |",
        ),
        ("a !", "!", "something has to stand behind !"),
    ] {
        assert_eq!(error(text), (word, says.to_owned()), "{text}");
    }
}

#[test]
fn the_help_has_every_way_to_stand() {
    let is = FIELDS.iter().find(|field| field.name == "is").unwrap();
    assert_eq!(error("is:x").1, format!("is: takes {}", is.help));
}

#[test]
fn words_of_no_meaning_are_text() {
    for text in [
        "a:b",
        // Near to a field, and a word all the same.
        "it:is",
        "stauts",
        "\"stauts:404\"",
        "fow.a:b",
        "vra:b",
        "host:example.org",
        "http://x/y?a=b",
        "var.x",
        "var.=1",
        "\"is:faild\"",
        "\"is\":x",
        "x\"|\"y",
    ] {
        let filter = Filter::parse(text);
        assert!(
            filter
                .as_ref()
                .is_ok_and(|filter| format!("{filter:?}").contains("Anywhere")),
            "{filter:?}"
        );
    }
}

#[test]
fn the_filter_of_a_flow_is_written_as_it_can_be_typed() {
    for (name, text) in [
        ("deploy", "flow=deploy"),
        ("my flow", "flow=\"my flow\""),
        ("a|b*", "flow=\"a|b*\""),
        ("say \"hi\"", "flow=\"say \"*\"hi\"*\"\""),
    ] {
        let filter = Filter::flow(name);
        assert_eq!(filter.as_str(), text);
        assert_eq!(Filter::parse(text), Ok(filter));
    }
}

#[test]
fn errors_are_asked_for_and_no_longer_asked_for() {
    for (text, toggled) in [
        ("", "is:error"),
        ("flow:a", "flow:a is:error"),
        ("flow:\"my f", "flow:\"my f\" is:error"),
        ("is:error", ""),
        ("flow:a IS:error b", "flow:a b"),
        ("!is:error", "!is:error is:error"),
        ("is:error|ok", "is:error|ok is:error"),
    ] {
        let filter = Filter::parse(text).unwrap();
        assert_eq!(filter.toggle_errors().as_str(), toggled, "{text}");
    }
}

#[test]
fn only_what_lets_nothing_else_through_is_of_errors() {
    for (text, only) in [
        ("is:error", true),
        ("flow:a is:failed|dead", true),
        ("is:dead | is:timed-out", true),
        ("is:timeout", true),
        ("is:dead | flow:a", false),
        ("is:error|queued", false),
        ("!is:error", false),
        ("status:5xx", false),
    ] {
        assert_eq!(Filter::parse(text).unwrap().only_errors(), only, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_wild(
        text in "(flow|status|is|branch|took|since|id|(var|hdr)\\.[a-z]{0,2}|.{0,3}|[:=<>|!\"*x4 ]|5m){0,12}"
    ) {
        match Filter::parse(&text) {
            Ok(filter) => {
                // What `e` makes of it can be typed as well.
                let toggled = filter.toggle_errors();
                prop_assert_eq!(Filter::parse(toggled.as_str()), Ok(toggled));
            }
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some_and(|word| !word.is_empty())),
        }
    }
}
