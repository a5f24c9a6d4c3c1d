//! No text, however it nests, gets through to a stack overflow.

use serde_json::json;

use super::test_support::Names;
use super::{Condition, ExprErrorKind, Lenience, Path, Template};

fn names() -> Names {
    Names::new(json!({"a": 1, "b": {"b": {}}, "t": "x", "l": [1]}))
}

/// Text that nests more with every repetition, and how it opens and closes.
const NESTING: [(&str, &str, &str); 24] = [
    ("(", "a", ")"),
    ("[", "a", "]"),
    ("{'a': ", "a", "}"),
    ("not ", "a", ""),
    ("-", "a", ""),
    ("- ", "a", ""),
    ("not -(", "a", ")"),
    ("", "b", ".b"),
    ("", "b", "['b']"),
    ("", "b", "[b]"),
    ("a[", "a", "]"),
    ("", "t", " | upper"),
    ("", "t", " | default(t)"),
    ("t | default(", "t", ")"),
    ("", "t", " is defined"),
    ("", "a", " + a"),
    ("", "a", "+a"),
    ("a + (", "a", ")"),
    ("a**", "a", ""),
    ("", "a", " < a"),
    ("", "a", " and a"),
    ("", "a", " if a else a"),
    ("", "a", "()"),
    ("a(", "a", ")"),
];

fn nested((open, core, close): (&str, &str, &str), times: usize) -> String {
    open.repeat(times) + core + &close.repeat(times)
}

/// Runs with the stack a thread of ours has; an overflow would abort the test run.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(work)
        .unwrap();
    thread.join().unwrap();
}

#[test]
fn a_megabyte_of_nesting_is_refused() {
    on_a_small_stack(|| {
        for pattern in NESTING {
            let text = nested(pattern, (1 << 20) / (pattern.0.len() + pattern.2.len()));
            let errors = Condition::parse(&text, &names()).unwrap_err();
            assert!(
                matches!(errors[0].kind, ExprErrorKind::TooLong { .. }),
                "{pattern:?}"
            );
            let errors = Template::parse(&format!("{{{{ {text} }}}}"), &names(), Lenience::Strict)
                .unwrap_err();
            assert!(
                matches!(
                    errors[0].kind,
                    ExprErrorKind::TooLong { .. } | ExprErrorKind::TooDeep
                ),
                "{pattern:?}: {errors:?}"
            );
        }
    });
}

#[test]
fn whatever_nests_as_deep_as_it_may_is_parsed_and_evaluated() {
    on_a_small_stack(|| {
        for pattern in NESTING {
            for times in 1..400 {
                let text = nested(pattern, times);
                if text.len() > 1_000 {
                    break;
                }
                if let Ok(condition) = Condition::parse(&text, &names()) {
                    let _ = condition.evaluate(&names(), None);
                }
                let placeholder = format!("x{{{{ {text} }}}}");
                if let Ok(template) = Template::parse(&placeholder, &names(), Lenience::Strict) {
                    let _ = template.render(&names());
                }
            }
        }
    });
}

#[test]
fn nesting_has_a_limit_below_the_length() {
    for pattern in NESTING {
        let times = 980 / (pattern.0.len() + pattern.2.len()).max(5);
        let errors = Condition::parse(&nested(pattern, times), &names()).err();
        let kinds: Vec<_> = errors
            .unwrap_or_default()
            .into_iter()
            .map(|error| error.kind)
            .collect();
        if times > 128 {
            assert_eq!(kinds, [ExprErrorKind::TooDeep], "{pattern:?}");
        }
    }
    for (text, times) in [("(", 49), ("not ", 49), ("-", 49)] {
        let kind = Condition::parse(&(text.repeat(times) + "a"), &names()).unwrap_err()[0]
            .kind
            .clone();
        assert_eq!(kind, ExprErrorKind::TooDeep, "{text}");
    }
}

#[test]
fn a_long_row_of_alternatives_is_no_nesting() {
    let text = ["a==1"; 99].join(" or ");
    assert!(Condition::parse(&text, &names()).is_ok(), "{}", text.len());
}

#[test]
fn blocks_nest_no_deeper_than_the_limit() {
    on_a_small_stack(|| {
        for (open, close) in [
            ("{% if a %}", "{% endif %}"),
            ("{% for x in l %}", "{% endfor %}"),
            ("{% with %}", "{% endwith %}"),
            ("{% set x %}", "{% endset %}"),
            ("{% if a %}{% elif a %}", "{% endif %}"),
            ("{% if a %}{% else %}", "{% endif %}"),
        ] {
            for times in [1_000, 100_000] {
                let text = open.repeat(times) + &close.repeat(times);
                let errors = Template::parse(&text, &names(), Lenience::Strict).unwrap_err();
                assert_eq!(errors[0].kind, ExprErrorKind::TooDeep, "{open}");
            }
            for times in 1..=48 {
                let text = open.repeat(times) + "t" + &close.repeat(times);
                if let Ok(template) = Template::parse(&text, &names(), Lenience::Strict) {
                    let _ = template.render(&names());
                }
            }
        }
        let elifs = format!(
            "{{% if a %}}{}{{% endif %}}",
            "{% elif a %}".repeat(100_000)
        );
        let errors = Template::parse(&elifs, &names(), Lenience::Strict).unwrap_err();
        assert_eq!(errors[0].kind, ExprErrorKind::TooDeep);
    });
}

#[test]
fn a_template_may_be_long_if_its_placeholders_are_not() {
    let text = "{{ t }} and ".repeat(50_000);
    let rendered = Template::parse(&text, &names(), Lenience::Strict)
        .unwrap()
        .render(&names());
    assert_eq!(rendered.unwrap().len(), 6 * 50_000);
    let long = format!("{{{{ t ~ '{}' }}}}", "x".repeat(1_000));
    let errors = Template::parse(&long, &names(), Lenience::Strict).unwrap_err();
    assert!(matches!(errors[0].kind, ExprErrorKind::TooLong { .. }));
}

#[test]
fn json_paths_are_bounded_in_depth_and_in_the_time_they_take() {
    on_a_small_stack(|| {
        for (open, core, close) in [
            ("[?(", "@.a", ")]"),
            ("(", "@.a", ")"),
            ("!(", "@.a", ")"),
            ("[?@", "", "]"),
            ("length(", "@.a", ")"),
            ("length(", "", ""),
            ("count(", "@.a", ")"),
            ("match(", "@.a", ",'x')"),
            ("[", "0", "]"),
        ] {
            for times in (1..8).chain([20, 47, 60, 1_000]) {
                let middle = open.repeat(times) + core + &close.repeat(times);
                for text in [
                    format!("$[?{middle}]"),
                    format!("$[?{middle} > 1"),
                    format!("${middle}"),
                ] {
                    let started = std::time::Instant::now();
                    if let Ok(path) = Path::parse(&text) {
                        let _ = path.find(&json!([{"a": [1]}]));
                    }
                    assert!(started.elapsed().as_millis() < 500, "{text}");
                }
            }
        }
    });
}

mod soup {
    use proptest::prelude::*;

    use super::*;
    use crate::expr::ExprError;

    /// Pieces of the languages in any order, and of no language.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "a", "b", "t", "l", "gone", ".", ".b", "[", "]", "[0]", "['b']", "(", ")", "{", "}",
            "{{ ", " }}", "{% ", " %}", "{%- ", "-%}", "{#", "#}", "if ", "else", "elif ", "endif",
            "for ", "x", " in ", "endfor", "set ", "endset", "with ", "endwith", "raw", "endraw",
            "=", "==", "!=", "<", ">=", "+", "-", "*", "/", "//", "%", "**", "~", "|", "upper",
            "default", "('d')", "is ", "defined", "not ", "and ", "or ", "none", "true", "1",
            "2.5", "1e9", "'q'", "\"", "'", ":", ",", " ", "\n", "\\", "ß", "€", "$", "@", "?",
            "..", "now()", "loop", "&", "0x", "_", "}}", "%}",
        ]);
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    fn placed(text: &str, errors: &[ExprError]) -> bool {
        !errors.is_empty()
            && errors.iter().all(|error| {
                !error.to_string().is_empty() && text.get(error.range.clone()).is_some()
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_makes_the_parsers_panic_and_every_error_has_a_place_in_it(text in text()) {
            for text in [text.clone(), format!("{{{{ {text} }}}}"), format!("{{% if {text} %}}{{{{ t }}}}{{% endif %}}"), format!("$[?{text}]"), format!("a{text}")] {
                match Condition::parse(&text, &names()) {
                    Ok(condition) => {
                        let mut trace = Vec::new();
                        let plain = condition.evaluate(&names(), None);
                        prop_assert_eq!(plain, condition.evaluate(&names(), Some(&mut trace)));
                    }
                    Err(errors) => prop_assert!(placed(&text, &errors), "{text}: {errors:?}"),
                }
                for lenience in [Lenience::Lenient, Lenience::Strict] {
                    match Template::parse(&text, &names(), lenience) {
                        Ok(template) => {
                            let _ = template.render(&names());
                            let _ = template.value(&names());
                        }
                        Err(errors) => prop_assert!(placed(&text, &errors), "{text}: {errors:?}"),
                    }
                }
                match Path::parse(&text) {
                    Ok(path) => drop(path.find(&json!({"a": [1]}))),
                    Err(error) => prop_assert!(placed(&text, std::slice::from_ref(&error)), "{text}: {error:?}"),
                }
            }
        }
    }
}
