//! A whole configuration, as people write it.

use crate::diagnostic::{Report, Style};
use crate::syntax::read_text;

const EXAMPLE: &str = r##"server {
    listen "127.0.0.1:13000"               // also "unix:/run/hookyard/http.sock"; repeatable
    public-url "https://hooks.example.org" // for the URLs that are shown and copied
    max-body "1MiB"
}

secrets {                                  // named, for use in steps: {{ secrets.ntfy }}
    ntfy (env)"NTFY_TOKEN"
}

// sync: the caller waits; the flow answers with `respond`
flow "payment" mode="sync" timeout="10s" {
    webhook "/payments/1hfmkioou0d" {      // no path: an unguessable URL is generated
        auth { basic user="shop" { password (env)"SHOP_PASSWORD" (env)"SHOP_PASSWORD_OLD" } }
        parse {
            header "X-Request-Id"                          // -> x_request_id
            query  "query[0].a" as="first"
            body   "order.id"  as="order_id" type="string" required=#true
            body   "amount"    type="number" required=#true
            body   "currency"  type="string" default="EUR" label="Currency"
            body   "$.items[?(@.qty > 1)].sku" as="bulk_skus"   // RFC 9535 JSONPath
        }
    }
    branch "big order?" {
        when "amount >= 100 and currency == 'EUR'" label="big" {
            respond 200 { json { ok #true; order "{{ order_id }}" } }
        }
        otherwise {
            respond 422 {
                header "Content-Type" "text/plain"
                body "order {{ order_id }} is too small: {{ amount }}"
            }
        }
    }
}

test "a small order is refused" flow="payment" {   // arrives with its command
    request { json { order { id "A-1" }; amount 5 } }
    expect  { status 422; branch "big order?" "otherwise"; body "order A-1 is too small: 5" }
}
"##;

#[test]
fn a_whole_configuration_reads_without_a_complaint() {
    let mut report = Report::new();
    let tree = read_text("flows.kdl", EXAMPLE, &mut report);
    assert!(report.is_empty(), "{}", report.render(Style::default()));
    let names: Vec<&str> = tree
        .nodes
        .iter()
        .map(|node| node.name.text.as_str())
        .collect();
    assert_eq!(names, ["server", "secrets", "flow", "test"]);
}
