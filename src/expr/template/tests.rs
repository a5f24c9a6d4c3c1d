//! What templates give.

use serde_json::json;

use super::super::test_support::Names;
use super::*;

fn template(text: &str) -> Template {
    Template::parse(text, &names(), Lenience::Lenient).unwrap()
}

fn names() -> Names {
    Names::new(json!({
        "text": "abc", "amount": 150, "price": 1.5, "yes": true, "nothing": null,
        "order": {"id": "A-1", "lines": [{"sku": "x", "qty": 2}, {"sku": "y", "qty": 1}], "note": null},
        "list": [1, null, "two", false],
        "huge": 18_446_744_073_709_551_615u64,
    }))
}

fn rendered(text: &str) -> String {
    template(text)
        .render(&names())
        .unwrap_or_else(|error| format!("error: {error}"))
}

#[test]
fn text_comes_out_as_json_has_it() {
    for (text, expected) in [
        ("plain { text }\n", "plain { text }\n"),
        ("{{ text }}", "abc"),
        ("order {{ order.id }}: {{ amount }}\n", "order A-1: 150\n"),
        (
            "{{ yes }} {{ price }} {{ nothing }}|{{ order.note }}|{{ order.missing.deeper }}",
            "true 1.5 ||",
        ),
        ("{{ huge }}", "18446744073709551615"),
        ("{{ list }}", r#"[1,null,"two",false]"#),
        ("{{ order.lines[0] }}", r#"{"qty":2,"sku":"x"}"#),
        ("{{ order['lines'][-1].sku }}", "y"),
        ("{{ nothing | default('none given') }}", "none given"),
        ("{{ nothing | default(3) }} {{ amount | string }}", "3 150"),
        (
            "{{ order.lines | tojson }}",
            r#"[{"qty":2,"sku":"x"},{"qty":1,"sku":"y"}]"#,
        ),
        ("{{- text -}}  {{ text }}", "abcabc"),
        ("{# a comment #}{{ text }}", "abc"),
        ("{{ now() }}", "2026-01-02T03:04:05Z"),
        (
            "{% if yes %}{{ list }}{% endif %}",
            r#"[1,null,"two",false]"#,
        ),
        (
            "{% if yes %}{{ yes }} {{ price }} {{ nothing }}|{{ huge }}{% endif %}",
            "true 1.5 |18446744073709551615",
        ),
        (
            "{% for line in order.lines %}{{ loop.index }}:{{ line.sku }}x{{ line.qty }} {% endfor %}\n",
            "1:xx2 2:yx1 \n",
        ),
        (
            "{% for key, value in order | items %}{{ key }}={{ value }};{% endfor %}",
            r#"id=A-1;lines=[{"qty":2,"sku":"x"},{"qty":1,"sku":"y"}];note=;"#,
        ),
        (
            "{% set a = amount * 2 %}{{ a }} {{ now() }}",
            "300 2026-01-02T03:04:05Z",
        ),
        ("{{ text | upper ~ list }}", r#"ABC[1,null,"two",false]"#),
        (
            "{{ text ~ yes ~ nothing ~ (yes and not yes) }} {{ (list[0]) ~ ((amount + 1) ~ yes) }}",
            "abctruefalse 1151true",
        ),
        (
            "{% for x in list if yes ~ '' == 'true' %}{{ x ~ (yes) }}{% endfor %}",
            "1truetruetwotruefalsetrue",
        ),
        ("{{ (order).lines[0].sku ~ (')' ~ (text)[:1]) }}", "x)a"),
        ("{{ 'big' if amount > 100 else 'small' }}", "big"),
        ("{{ text[:2] }}", "ab"),
        ("{{ nothing | upper }}", ""),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        (
            "{{ request.method }} {{ request.query.a }} {{ flow.name | upper }}",
            "POST 1 PAYMENT",
        ),
        (
            "{% for x in nothing %}x{% else %}empty{% endfor %}",
            "empty",
        ),
        (
            "{% if text is containing 'b' and list is list %}yes{% endif %}",
            "yes",
        ),
    ] {
        assert_eq!(rendered(text), expected, "{text}");
    }
}
#[test]
fn a_single_placeholder_keeps_the_type_of_its_value() {
    for (text, expected) in [
        ("{{ amount }}", Some(json!(150))),
        (
            "{{- order.lines -}}",
            Some(json!([{"sku": "x", "qty": 2}, {"sku": "y", "qty": 1}])),
        ),
        ("{{ nothing }}", None),
        ("{{ order.note }}", None),
        ("{{ nothing | default(3) }}", Some(json!(3))),
        ("{{ amount | string }}", Some(json!("150"))),
        ("{{ nothing | string }}", Some(json!(""))),
        ("{{ amount + 1 }}", Some(json!(151))),
        (
            "{{ order.lines | first }}",
            Some(json!({"sku": "x", "qty": 2})),
        ),
        ("{{ list | length > 3 }}", Some(json!(true))),
        ("{{ nothing | upper }}", None),
        ("{{ amount / 4 }}", Some(json!(37.5))),
        (" {{ amount }}", Some(json!(" 150"))),
        ("{{ amount }}{{ amount }}", Some(json!("150150"))),
        ("text", Some(json!("text"))),
        ("{% if yes %}{{ amount }}{% endif %}", Some(json!("150"))),
    ] {
        let template = template(text);
        assert_eq!(template.value(&names()), Ok(expected), "{text}");
    }
    assert!(template("{{ amount }}").placeholder());
    assert!(template("{{ amount + 1 }}").placeholder());
    assert!(!template("{{ amount }} ").placeholder());
    assert!(!template("amount").placeholder());
}

#[test]
fn text_without_marks_is_constant_and_a_literal_always_is() {
    assert_eq!(template("a { b } % }").as_constant(), Some("a { b } % }"));
    assert_eq!(
        Template::literal("{{ .State }}").as_constant(),
        Some("{{ .State }}")
    );
    assert_eq!(
        Template::literal("{{ .State }}").render(&names()),
        Ok("{{ .State }}".into())
    );
    assert_eq!(template("{{ amount }}").as_constant(), None);
}

#[test]
fn a_template_says_what_it_reads() {
    let text = "{% for l in order.lines if l.qty > amount %}{{ l.sku }}{{ loop.index }}{% endfor %}{{ request.query.a }}";
    let paths: Vec<Vec<Segment>> = template(text)
        .roots()
        .iter()
        .map(|(_, path)| path.clone())
        .collect();
    let key = |name: &str| Segment::Key(name.into());
    assert_eq!(
        paths,
        [vec![key("lines")], vec![], vec![key("query"), key("a")]]
    );
}

#[test]
fn a_text_that_does_not_load_says_why_and_where() {
    for (text, part, message) in [
        ("{{ gone }}", "gone", "nothing is called `gone` here"),
        (
            "a {{ text }} {{ order | foo }}",
            "foo",
            "there is no filter `foo`",
        ),
        (
            "{% if text is bar %}{% endif %}",
            "bar",
            "there is no test `bar`",
        ),
        ("{{ foo(1) }}", "foo", "there is no function `foo`"),
        ("{{ now(1) }}", "now(1)", "`now` takes no arguments"),
        ("{{ now }}", "now", "`now` without `()` cannot be used here"),
        (
            "{{ text.upper() }}",
            "text.upper()",
            "nothing can be called here",
        ),
        ("{{ request.metod }}", "metod", "`request` has no `metod`"),
        ("{{ secrets.gone }}", "gone", "`secrets` has no `gone`"),
        (
            "{{ secrets | tojson }}",
            "secrets",
            "`secrets` as a whole cannot be used here",
        ),
        (
            "{% include 'x' %}",
            "include",
            "`{% include %}` cannot be used here",
        ),
        (
            "{% import 'x' as y %}",
            "import",
            "`{% import %}` cannot be used here",
        ),
        (
            "{% macro x() %}{% endmacro %}",
            "macro",
            "`{% macro %}` cannot be used here",
        ),
        (
            "{% filter upper %}x{% endfilter %}",
            "filter",
            "`{% filter %}` cannot be used here",
        ),
        (
            "{% autoescape true %}{% endautoescape %}",
            "autoescape",
            "`{% autoescape %}` cannot be used here",
        ),
        ("{% do x() %}", "do", "`{% do %}` cannot be used here"),
        ("{% fi yes %}", "fi", "there is no statement `fi`"),
        ("{% if yes %}a", "if", "this `if` has no `{% endif %}`"),
        ("a{% endif %}", "endif", "`endif` closes nothing"),
        (
            "{% if yes %}{% endfor %}",
            "endfor",
            "`endfor` closes no `if`, which is open here",
        ),
        ("a{% else %}", "else", "this `else` belongs to no `if`"),
        ("{{ text", "", "this ends too early: `}}` should follow"),
        ("{{ text } b", "}", "`}` cannot stand here, `}}` should"),
        ("{{ 'text }}", "'text }}", "this text has no closing quote"),
        ("a {{ }}", "}}", "`}}` cannot stand here"),
        ("{# text", "{# text", "this comment has no closing `#}`"),
        ("{{ a b }}", "b", "`b` cannot stand here, `}}` should"),
        (
            "{% set text = 1 %}",
            "text",
            "`text`, which has a meaning already, cannot be used here",
        ),
        (
            "{% for text in list %}{% endfor %}",
            "text",
            "`text`, which has a meaning already, cannot be used here",
        ),
        (
            "{% for x in list %}{% endfor %}{{ x }}",
            "x",
            "nothing is called `x` here",
        ),
        (
            "{{ nothing == none }}",
            "nothing == none",
            "comparing with `none` cannot be used here",
        ),
        (
            "{% for x in list recursive %}{% endfor %}",
            "for x in list recursive %}{% endfor",
            "a recursive `for` cannot be used here",
        ),
    ] {
        let errors = Template::parse(text, &names(), Lenience::Lenient)
            .err()
            .unwrap_or_default();
        let Some(error) = errors.first() else {
            panic!("`{text}` loads")
        };
        assert_eq!(
            (&text[error.range.clone()], error.to_string().as_str()),
            (part, message),
            "{text}"
        );
        assert_eq!(errors.len(), 1, "{text}: {errors:?}");
    }
}

#[test]
fn a_name_that_may_be_absent_needs_a_guard_where_absence_matters() {
    let strict = |text: &str| Template::parse(text, &names(), Lenience::Strict);
    for text in [
        "{{ nothing | default('x') }}",
        "{{ nothing | default('x') | upper }}",
        "{% if nothing is defined %}{{ nothing.x | upper }}{% endif %}",
        "{% if nothing %}{{ nothing }}{% endif %}",
        "{% if not nothing %}none{% else %}{{ nothing }}{% endif %}",
        "{% if nothing is none %}none{% elif amount > 3 %}{{ nothing }}{% endif %}",
        "{% if yes and nothing.x is defined %}{{ nothing }}{% endif %}",
        "{{ nothing if nothing is defined else 'none' }}",
        "{% for x in list if nothing is defined %}{{ nothing }}{% endfor %}",
        "{% set x = nothing | default('x') %}{{ x }}",
        "{{ nothing is defined }}",
    ] {
        assert!(strict(text).is_ok(), "{text}");
        assert!(strict(text).unwrap().render(&names()).is_ok(), "{text}");
    }
    for text in [
        "{{ nothing }}",
        "{{ nothing.x }}",
        "{{ nothing | upper }}",
        "{% if nothing is defined %}{% endif %}{{ nothing }}",
        "{% if nothing is defined %}{% else %}{{ nothing }}{% endif %}",
        "{% if nothing is defined or yes %}{{ nothing }}{% endif %}",
        "{% for x in nothing %}{% endfor %}",
        "{% set x = nothing %}",
        "{% with x = nothing %}{% endwith %}",
        "{{ nothing ~ 'x' }}",
        "{% if nothing > 3 %}{% endif %}",
        "{{ amount | default(nothing) }}",
    ] {
        let errors = strict(text).err().unwrap_or_default();
        let kinds: Vec<_> = errors.into_iter().map(|error| error.kind).collect();
        assert_eq!(
            kinds,
            [super::super::ExprErrorKind::MayBeAbsent("nothing".into())],
            "{text}"
        );
    }
}

#[test]
fn a_lenient_template_still_guards_what_would_fail() {
    for text in [
        "{{ nothing + 1 }}",
        "{{ -nothing }}",
        "{{ (nothing | abs) * 2 }}",
        "{{ nothing[:2] }}",
        "{{ text | replace('a', nothing) }}",
        "{{ text is startingwith nothing }}",
        "{{ (text | default(nothing)) + 1 }}",
    ] {
        let errors = Template::parse(text, &names(), Lenience::Lenient)
            .err()
            .unwrap_or_default();
        let kinds: Vec<_> = errors.into_iter().map(|error| error.kind).collect();
        assert_eq!(
            kinds,
            [super::super::ExprErrorKind::MayBeAbsent("nothing".into())],
            "{text}"
        );
    }
    let filters =
        super::super::filter::words().filter(|word| !matches!(*word, "default" | "d" | "replace"));
    for filter in filters.chain(TEMPLATE_FILTERS) {
        assert!(
            template(&format!("x{{{{ nothing | {filter} }}}}"))
                .render(&names())
                .is_ok(),
            "{filter}"
        );
    }
}

#[test]
fn work_and_output_are_bounded() {
    for (text, message) in [
        (
            "{% for a in many %}{% for b in many %}{% for c in many %}{% set x = a + b + c %}{% endfor %}{% endfor %}{% endfor %}",
            "the template does too much work",
        ),
        (
            "{% for a in many %}{{ long }}{% endfor %}",
            "the text is over 8 MiB",
        ),
        (
            "{{ long }}{{ long }}{{ long }}{{ long }}{{ long }}{{ long }}{{ long }}{{ long }}{{ long }}",
            "the text is over 8 MiB",
        ),
        (
            "{% for a in many %}{% for b in many %}{% if many | last == 3 %}{% endif %}{% endfor %}{% endfor %}",
            "the template does too much work",
        ),
        ("{{ long | replace('x', long) }}", "the text is over 8 MiB"),
        ("{{ long * 100 }}", "the template does too much work"),
    ] {
        let names = Names::new(json!({
            "many": (0..500).collect::<Vec<_>>(), "long": "x".repeat(1_000_000),
        }));
        let template = Template::parse(text, &names, Lenience::Strict).unwrap();
        let mut out = "before".to_owned();
        let error = template.render_into(&names, &mut out).unwrap_err();
        assert_eq!(
            (error.message.as_str(), out.as_str()),
            (message, "before"),
            "{text}"
        );
    }
}

#[test]
fn a_template_that_fails_says_why_in_plain_words() {
    for (text, message) in [
        (
            "x{{ text | int }}",
            "`int` is given text (\"abc\"), it needs a number, or text that is a whole number",
        ),
        ("x{{ amount / 0 }}", "unable to calculate 150 / 0"),
        (
            "x{{ 1e308 * 10 }}",
            "a calculation gives a number that is too large",
        ),
    ] {
        assert_eq!(rendered(text), format!("error: {message}"), "{text}");
    }
}

mod equivalence {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn document() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(json!(null)),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            "[a-c\"'\n\\\\é{}%]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 30, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[abc]", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    fn piece() -> impl Strategy<Value = String> {
        let path = (
            "[xyz]",
            prop::collection::vec(
                prop::sample::select(vec![".a", ".b", "['c']", "[0]", "[1]", "[-1]", ".d"]),
                0..3,
            ),
        )
            .prop_map(|(name, steps)| name + &steps.concat());
        let filter = prop::sample::select(vec![
            "",
            "",
            " | default('d')",
            " | default(1.5)",
            " | d(true)",
            " | string",
            " | tojson",
        ]);
        prop_oneof![
            1 => "[a-z {}%\n]{0,5}".prop_filter("a mark", |text| !["{{", "{%", "{#"].iter().any(|mark| text.contains(mark)) && !text.ends_with('{')),
            3 => (path, filter).prop_map(|(path, filter)| format!("{{{{ {path}{filter} }}}}")),
            1 => Just("{{- now() -}}".to_owned()),
        ]
    }

    /// Whether the template takes a character of a text by its index, which only Jinja does.
    fn indexes_text(template: &Template, names: &Names) -> bool {
        template.roots().iter().any(|(root, path)| {
            path.iter().enumerate().any(|(at, segment)| {
                matches!(segment, Segment::Index(_))
                    && Context::lookup(names, *root, &path[..at]).is_some_and(|v| v.is_string())
            })
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn plain_placeholders_give_what_minijinja_gives(
            pieces in prop::collection::vec(piece(), 1..5),
            (x, y, z) in (document(), document(), document()),
        ) {
            let text = pieces.concat();
            let names = Names::new(json!({"x": x, "y": y, "z": z}));
            let ours = Template::parse(&text, &names, Lenience::Lenient).unwrap();
            prop_assert!(!matches!(ours.body, Body::Jinja(_)), "{}", text);
            prop_assume!(!indexes_text(&ours, &names));
            let tree = syntax::template(&text).unwrap();
            let mut analysis = Analysis::new(&names, Place::Template(Lenience::Lenient), &text);
            analysis.statement(&tree);
            let theirs = JinjaTemplate::new(&text, &tree, &analysis, false).unwrap();
            prop_assert_eq!(ours.render(&names), theirs.render(&names), "{}", text);
            if ours.placeholder() {
                let theirs = JinjaTemplate::new(&text, &tree, &analysis, true).unwrap();
                prop_assert_eq!(ours.value(&names), theirs.value(&names), "{}", text);
            }
        }
    }
}
