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
fn dbg() {
    for t in [
        "{% if yes %}a{% endif %}",
        "{% if yes %}{{ amount }}{% endif %}",
        "{% if amount %}b{% endif %}",
        "{{ amount + 1 }} {{ list }}",
    ] {
        println!("{t} -> {:?}", rendered(t));
    }
}
