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
fn a_secret_is_read_by_its_name_alone() {
    let template = template("{{ secrets.ntfy }}");
    assert!(template.reads(Root::Secrets));
    let errors = Template::parse("{{ secrets }}", &names(), Lenience::Strict).unwrap_err();
    assert_eq!(
        errors[0].kind.to_string(),
        "`secrets` as a whole cannot be used here"
    );
}

#[test]
fn an_outline_keeps_what_is_literal_in_its_place_and_blanks_the_rest() {
    for (text, outline) in [
        ("plain é", "plain é"),
        ("é{{ text }}c", "é__________c"),
        ("{{ text }}", "__________"),
        ("h{{ '}}' }}.{# c #}d", "h__________._______d"),
        ("x{% if yes %}y{% endif %}z", "x____________y___________z"),
    ] {
        let shown = template(text).outline().replace(BLANK, "_");
        assert_eq!(shown, outline, "{text}");
    }
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
fn a_secret_is_read_by_its_name() {
    for text in ["{{ secrets.ntfy }}", "Bearer {{ secrets['ntfy'] | trim }}"] {
        assert_eq!(
            template(text).roots(),
            [(Root::Secrets, vec![Segment::Key("ntfy".into())])],
            "{text}"
        );
    }
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
        (
            "{% set a = long ~ long ~ long ~ long ~ long ~ long %}{{ a ~ a }}",
            "the template does too much work",
        ),
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

/// A template that has to end, and soon.
fn ends_soon(text: &str, names: &Names) -> Result<String, String> {
    let template = Template::parse(text, names, Lenience::Strict);
    let template = template.unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
    let result = template.render(names);
    let value = template.value(names);
    assert_eq!(result.is_ok(), value.is_ok(), "{text}");
    assert!(result.as_ref().is_ok_and(|it| it.len() <= MAX_OUTPUT) || result.is_err());
    result.map_err(|error| error.message)
}

#[test]
fn arithmetic_takes_numbers_and_repeats_neither_lists_nor_text() {
    let names = Names::new(json!({
        "price": ["x".repeat(80)], "qty": 100_000_000, "text": "abc", "yes": true, "object": {"a": 1},
    }));
    for (text, message) in [
        (
            "{{ price * qty }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ qty * price }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "x{{ price * qty }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ [1] * 100000000 }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ (1, 2) * qty }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ (price * qty) | join }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ price * qty | length }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ (price * qty)[::-1] }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ text ~ price * qty }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ (price * qty) ** 2 }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{% for x in price * qty %}{% endfor %}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{% set x = price * qty %}{{ x }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ 1 if price * qty == price else 2 }}",
            "`*` is given a list, it needs two numbers",
        ),
        (
            "{{ text * qty }}",
            "`*` is given text, it needs two numbers",
        ),
        (
            "{{ qty * 'abc' }}",
            "`*` is given text, it needs two numbers",
        ),
        (
            "{{ text + text }}",
            "`+` is given text, it needs two numbers; `~` joins texts",
        ),
        (
            "{{ price + price }}",
            "`+` is given a list, it needs two numbers",
        ),
        (
            "{{ yes - 1 }}",
            "`-` is given a boolean, it needs two numbers",
        ),
        (
            "{{ 1 / object }}",
            "`/` is given an object, it needs two numbers",
        ),
        (
            "{{ text // 2 }}",
            "`//` is given text, it needs two numbers",
        ),
        ("{{ text % 2 }}", "`%` is given text, it needs two numbers"),
        (
            "{{ price[0] ** 2 }}",
            "`**` is given text, it needs two numbers",
        ),
        (
            "{{ price[3] + 1 }}",
            "`+` is given absent, it needs two numbers",
        ),
    ] {
        assert_eq!(ends_soon(text, &names), Err(message.to_owned()), "{text}");
    }
    for (text, expected) in [
        ("{{ qty * 2 + 1 }}", "200000001"),
        ("{{ (qty - 99999990) ** (1 + 1) // 3 % 7 }}", "5"),
        (
            "{{ -qty * -(2) ~ 'x' ~ (qty - 1) * 2 }}",
            "200000000x199999998",
        ),
        ("{{ (object.a + object['a']) * (price | length + 1) }}", "4"),
        ("{{ (2 if yes else 3) * 4 }}", "8"),
        (
            "{{ text[object.a:1 + 1] ~ text[::-1] ~ text[:] }}",
            "bcbaabc",
        ),
    ] {
        assert_eq!(ends_soon(text, &names).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_list_that_holds_another_many_times_over_is_not_expanded() {
    let mut start = "{% set a = text %}".to_owned();
    for (name, inner) in "bcdefghijkl".chars().zip("abcdefghijk".chars()) {
        let items = vec![inner.to_string(); 10].join(", ");
        start += &format!("{{% set {name} = [{items}] %}}");
    }
    let names = Names::new(json!({"text": "abc", "list": [1, 2]}));
    for end in [
        "{{ l }}",
        "{{ l | tojson }}",
        "{{ l | length }}",
        "{{ 'x' ~ l }}",
        "{{ l == [l] }}",
        "{{ l in list }}",
        "{{ l in text }}",
        "{{ l < [l] }}",
        "{{ [l, l] | sort }}",
        "{{ [l, l] | unique }}",
        "{{ l | list }}",
        "{{ l | reverse }}",
        "{{ {'a': l} | items }}",
        "{{ l | title }}",
        "{{ l | capitalize }}",
        "{{ l[::2] }}",
        "{{ l is containing(1) }}",
        "{{ text | replace('a', l) }}",
        "{{ {'a': l, 'b': l} }}",
    ] {
        let error = ends_soon(&format!("{start}{end}"), &names).err();
        let message = error.unwrap_or_else(|| panic!("{end} gives something"));
        assert!(
            ["the template does too much work", "the text is over 8 MiB"]
                .contains(&message.as_str()),
            "{end}: {message}"
        );
    }
}

#[test]
fn a_list_that_nests_deeper_than_any_document_is_refused() {
    let mut text = "{% set a0 = 1 %}".to_owned();
    for depth in 1..=400 {
        text += &format!("{{% set a{depth} = [a{}] %}}", depth - 1);
    }
    let names = Names::new(json!({}));
    assert_eq!(
        ends_soon(&format!("{text}{{{{ a400 }}}}"), &names),
        Err("a value that nests too deep".to_owned())
    );
    assert!(ends_soon(&format!("{text}{{{{ a200 }}}}"), &names).is_ok());
}

#[test]
fn text_that_a_long_row_of_placeholders_gives_stops_at_the_limit() {
    let names = Names::new(json!({"long": "x".repeat(1 << 20)}));
    let text = "{{ long }}".repeat(1_000);
    let result = Template::parse(&text, &names, Lenience::Strict)
        .unwrap()
        .render(&names);
    assert_eq!(result, Err(RenderError::too_long()));
}

#[test]
fn a_name_that_only_some_arms_of_an_if_set_may_be_absent_after_it() {
    let strict = |text: &str| Template::parse(text, &names(), Lenience::Strict);
    for text in [
        "{% if yes %}{% set x = 1 %}{{ x }}{% endif %}",
        "{% if yes %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if yes %}{% set x = 1 %}{% elif amount > 3 %}{% set x = 2 %}{% else %}{% set x = 3 %}{% endif %}{{ x + 1 }}",
        "{% set x = 0 %}{% if yes %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% if yes %}{% set x = 1 %}{% endif %}{% set x = 2 %}{{ x }}",
        "{% if yes %}{% set x = 1 %}{% endif %}{{ x | default('none') }}",
        "{% if yes %}{% set x = 1 %}{% endif %}{% if x is defined %}{{ x }}{% endif %}",
        "{% for l in list %}{% if yes %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}{% endfor %}",
        "{% with x = 1 %}{% if yes %}{% set x = 2 %}{% endif %}{{ x }}{% endwith %}",
    ] {
        let template = strict(text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"));
        assert!(template.render(&names()).is_ok(), "{text}");
    }
    for text in [
        "{% if yes %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% if yes %}{% else %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% if yes %}{% set x = 1 %}{% else %}{{ x }}{% endif %}",
        "{% if yes %}{% set x = 1 %}{% else %}{% set y = 1 %}{% endif %}{{ x }}",
        "{% if yes %}{% set x = 1 %}{% elif amount > 3 %}{% set x = 2 %}{% endif %}{{ x }}",
        "{% if yes %}{% if yes %}{% set x = 1 %}{% endif %}{% else %}{% set x = 1 %}{% endif %}{{ x }}",
        "{% for l in list %}{% else %}{% set x = 1 %}{% endfor %}{{ x }}",
        "{% if yes %}{% set x %}a{% endset %}{% endif %}{{ x ~ 'b' }}",
        "{% if yes %}{% set x, y = [1, 2] %}{% else %}{% set y = 2 %}{% endif %}{{ y }}{{ x.z }}",
    ] {
        let errors = strict(text).err().unwrap_or_default();
        let kinds: Vec<_> = errors.into_iter().map(|error| error.kind).collect();
        let outside_its_arm = text.contains("{% else %}{{ x }}");
        let expected = if outside_its_arm {
            super::super::ExprErrorKind::UnknownName("x".into())
        } else {
            super::super::ExprErrorKind::MayBeAbsent("x".into())
        };
        assert_eq!(kinds, [expected], "{text}");
    }
    let lenient = "{% if not yes %}{% set x = 1 %}{% endif %}[{{ x }}]";
    assert_eq!(rendered(lenient), "[]");
}

mod hostility {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// Values that filters and operators may not like.
    fn hostile() -> impl Strategy<Value = Value> {
        let long = "ab\n,ΐ".repeat(40_000);
        let values = [
            json!(""),
            json!(" "),
            json!("a"),
            json!(long),
            json!("ßΣΣ ǆ"),
            json!("-0"),
            json!("1e999"),
            json!("9".repeat(60)),
            json!("NaN"),
            json!("\u{0}\u{1}"),
            json!("\n".repeat(100_000)),
            json!("Σ".repeat(50_000)),
            json!(0),
            json!(-1),
            json!(1),
            json!(2.5),
            json!(-0.0),
            json!(1e308),
            json!(5e-324),
            json!(i64::MIN),
            json!(i64::MAX),
            json!(u64::MAX),
            json!(100_000_000),
            json!(true),
            json!([]),
            json!([long]),
            json!(vec!["a"; 20_000]),
            json!(vec![1; 20_000]),
            json!([[[1, {"a": null}]]]),
            json!([3, "a", 1.5, true, null, [], {}]),
            json!({}),
            json!({"": 1, "a": [1], "b": "x"}),
        ];
        prop::sample::select(values.to_vec())
    }

    fn operation() -> impl Strategy<Value = String> {
        let filters: Vec<&str> = super::super::super::filter::words()
            .chain(TEMPLATE_FILTERS)
            .collect();
        let filter = (
            prop::sample::select(filters),
            prop::sample::select(vec!["", "(y)", "(y, z)", "(y, z, y)"]),
        );
        let sign = vec![
            "+", "-", "*", "/", "//", "%", "**", "~", "<", "==", "in", "not in",
        ];
        let slice = vec![
            "[y:]", "[:y]", "[::y]", "[y::z]", "[:y:z]", "[y:z]", "[y:z:y]", "[y]",
        ];
        let options = vec![
            "sort(reverse=y)",
            "sort(attribute=y)",
            "unique(attribute=y)",
            "sort(case_sensitive=true)",
        ];
        prop_oneof![
            6 => filter.prop_map(|(filter, given)| format!(" | {filter}{given}")),
            1 => prop::sample::select(options).prop_map(|it| format!(" | {it}")),
            2 => (prop::sample::select(sign), prop::sample::select(vec!["y", "z", "2"])).prop_map(|(sign, other)| format!(" {sign} {other}")),
            1 => prop::sample::select(slice).prop_map(str::to_owned),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_argument_makes_a_filter_or_operator_panic_or_give_too_much(
            operations in prop::collection::vec(operation(), 1..4),
            (x, y, z) in (hostile(), hostile(), hostile()),
        ) {
            let names = Names::new(json!({"x": x, "y": y, "z": z}));
            let chain = operations.iter().fold("x".to_owned(), |text, next| format!("({text}{next})"));
            for text in [format!("{{{{ {chain} }}}}"), format!("-{{{{ {chain} }}}}"), format!("{{% for a in {chain} %}}{{{{ a }}}}{{% endfor %}}")] {
                // filters with arguments they do not take do not load
                let Ok(template) = Template::parse(&text, &names, Lenience::Strict) else { continue };
                if let Ok(rendered) = template.render(&names) {
                    prop_assert!(rendered.len() <= MAX_OUTPUT, "{}", text);
                }
                let _ = template.value(&names);
            }
            if let Ok(condition) = super::super::super::Condition::parse(&format!("{chain} == x"), &names) {
                let _ = condition.evaluate(&names, None);
            }
        }
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
