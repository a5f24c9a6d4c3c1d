use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::phc::PasswordHash,
};
use base64::{Engine, prelude::BASE64_STANDARD, prelude::BASE64_STANDARD_NO_PAD};
use http::header::AUTHORIZATION;

use super::*;

fn way(user: &str, passwords: &[&str]) -> Auth<Secret> {
    Auth::Basic(Basic {
        user: user.to_owned(),
        passwords: passwords
            .iter()
            .map(|password| Secret::new(*password).unwrap())
            .collect(),
    })
}

fn value(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
}

fn headers(pair: &str) -> HeaderMap {
    value(&format!("Basic {}", BASE64_STANDARD.encode(pair)))
}

fn passes(ways: &[Auth<Secret>], headers: &HeaderMap) -> bool {
    let verified = Verified::new().unwrap();
    match verify(ways, headers, &verified) {
        Verdict::Passed => true,
        Verdict::Refused => false,
        Verdict::Hashing(hashing) => hashing.verify(&verified),
    }
}

fn bcrypt(password: &str) -> String {
    bcrypt::hash_with_salt(password, 4, [7; 16])
        .unwrap()
        .format_for_version(bcrypt::Version::TwoB)
}

fn argon2(password: &str) -> String {
    let argon2 = Argon2::new(
        Algorithm::Argon2id,
        Version::V0x13,
        Params::new(8, 1, 1, None).unwrap(),
    );
    let hash: PasswordHash = argon2
        .hash_password_with_salt(password.as_bytes(), b"saltsalt")
        .unwrap();
    hash.to_string()
}

#[test]
fn nobody_needs_credentials_where_none_are_asked_for() {
    assert!(passes(&[], &HeaderMap::new()));
    assert!(passes(&[], &headers("a:b")));
}

#[test]
fn user_and_password_pass_in_any_spelling_that_the_rfc_allows() {
    let ways = [way("Aladdin", &["open sesame"]), way("bob", &["a:b", "é"])];
    assert!(passes(&ways, &value("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")));
    assert!(passes(
        &ways,
        &value("bAsIc   QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    ));
    assert!(passes(
        &ways,
        &value(&format!(
            "Basic {}",
            BASE64_STANDARD_NO_PAD.encode("Aladdin:open sesame")
        ))
    ));
    assert!(passes(&ways, &headers("bob:a:b")));
    assert!(passes(&ways, &headers("bob:é")));
}

#[test]
fn everything_else_is_refused() {
    let ways = [way("Aladdin", &["open sesame"]), way("bob", &["secret"])];
    for header in [
        "",
        "Basic",
        "Basic ",
        "QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Bearer QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ===",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZR==",
        "Basic QWxhZGRpbjpvcGVu IHNlc2FtZQ==",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==, Basic x",
        "Basic !",
    ] {
        assert!(!passes(&ways, &value(header)), "{header}");
    }
    for pair in [
        "",
        ":",
        "Aladdin",
        "Aladdin:",
        "Aladdin:open",
        "Aladdin:open sesame ",
        "aladdin:open sesame",
        "bob:open sesame",
        ":open sesame",
    ] {
        assert!(!passes(&ways, &headers(pair)), "{pair}");
    }
    assert!(!passes(&ways, &HeaderMap::new()));
}

#[test]
fn two_authorization_headers_are_refused_even_where_both_are_right() {
    let ways = [way("a", &["b"])];
    let mut both = headers("a:b");
    both.append(AUTHORIZATION, both[AUTHORIZATION].clone());
    assert!(passes(&ways, &headers("a:b")) && !passes(&ways, &both));
}

#[test]
fn the_old_and_the_new_password_both_pass_while_one_replaces_the_other() {
    for passwords in [
        ["old".to_owned(), "new".to_owned()],
        [bcrypt("old"), "new".to_owned()],
        [bcrypt("old"), argon2("new")],
    ] {
        let ways = [way("a", &passwords.each_ref().map(String::as_str))];
        assert!(passes(&ways, &headers("a:old")) && passes(&ways, &headers("a:new")));
        assert!(!passes(&ways, &headers("a:other")));
    }
}

#[test]
fn an_unknown_user_costs_what_a_wrong_password_does() {
    for passwords in [
        vec!["one".to_owned(), "two".to_owned()],
        vec![bcrypt("one")],
        vec![argon2("one"), bcrypt("two"), "three".to_owned()],
    ] {
        let passwords: Vec<_> = passwords.iter().map(String::as_str).collect();
        let ways = [
            way("a", &passwords),
            way("b", &["four"]),
            way("c", &passwords[..1]),
        ];
        let work = |pair: &str| work::of(|| assert!(!passes(&ways, &headers(pair)))).1;
        let known = work("a:wrong");
        assert!(known >= passwords.len());
        for pair in [
            "b:wrong",
            "c:wrong",
            "nobody:wrong",
            "nobody:",
            ":",
            "nobody:one",
        ] {
            assert_eq!(work(pair), known, "{pair} {passwords:?}");
        }
    }
}

#[test]
fn a_hash_of_one_user_lets_no_other_in() {
    let ways = [way("a", &[&bcrypt("one")]), way("b", &["two"])];
    assert!(passes(&ways, &headers("a:one")));
    assert!(!passes(&ways, &headers("b:one")) && !passes(&ways, &headers("c:one")));
}

#[test]
fn a_hash_that_has_passed_is_not_computed_again() {
    let ways = [way("a", &[&bcrypt("one"), &argon2("two")])];
    let verified = Verified::new().unwrap();
    let Verdict::Hashing(hashing) = verify(&ways, &headers("a:two"), &verified) else {
        panic!("a fresh process knows nobody");
    };
    assert!(hashing.verify(&verified));
    let (verdict, work) = work::of(|| verify(&ways, &headers("a:two"), &verified));
    assert!(matches!(verdict, Verdict::Passed) && work == 0);
    // Nor does it let anything else through.
    for (ways, pair) in [
        (&ways[..], "a:one"),
        (&ways[..], "a:three"),
        (&ways[..], "b:two"),
        (&[way("a", &[&bcrypt("one")])][..], "a:two"),
    ] {
        let verdict = verify(ways, &headers(pair), &verified);
        assert!(!matches!(verdict, Verdict::Passed), "{pair}");
    }
}

#[test]
fn a_wrong_password_is_never_remembered() {
    let ways = [way("a", &[&bcrypt("one")])];
    let verified = Verified::new().unwrap();
    for pair in ["a:wrong", "b:one"] {
        let Verdict::Hashing(hashing) = verify(&ways, &headers(pair), &verified) else {
            panic!("it takes work to tell");
        };
        assert!(!hashing.verify(&verified));
    }
    assert_eq!(verified.len(), 0);
}

#[test]
fn only_a_whole_hash_is_a_hash_and_all_else_is_a_password() {
    let hash = bcrypt("x");
    let argon = argon2("x");
    for text in [
        &*hash,
        &hash.replacen("2b", "2y", 1),
        &hash.replacen("2b", "2a", 1),
        &argon,
    ] {
        assert!(Hash::recognise(text.as_bytes()).is_some(), "{text}");
        assert!(passes(&[way("a", &[text])], &headers("a:x")), "{text}");
        assert!(
            !passes(&[way("a", &[text])], &headers(&format!("a:{text}"))),
            "{text}"
        );
    }
    for text in [
        &hash[..59],
        &hash[1..],
        "$2b$",
        "$",
        "$argon2id$",
        "$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ",
    ] {
        assert!(Hash::recognise(text.as_bytes()).is_none(), "{text}");
        assert!(
            passes(&[way("a", &[text])], &headers(&format!("a:{text}"))),
            "{text}"
        );
    }
}

#[test]
fn a_challenge_names_the_flow_as_a_quoted_string() {
    assert_eq!(challenge("pay"), "Basic realm=\"pay\", charset=\"UTF-8\"");
    assert_eq!(
        challenge("a \"b\"\r\n\\é"),
        "Basic realm=\"a \\\"b\\\"??\\\\?\", charset=\"UTF-8\""
    );
}

#[test]
fn nothing_that_is_printed_holds_a_secret() {
    let ways = [way("a", &[&bcrypt("secret")])];
    let verified = Verified::new().unwrap();
    let verdict = verify(&ways, &headers("a:secret"), &verified);
    let shown = format!("{ways:?} {verdict:?} {verified:?}");
    assert!(
        !shown.contains("secret") && !shown.contains("$2b$"),
        "{shown}"
    );
}
