use std::fmt::Write;

/// The flow that is measured: Basic auth, four body paths, one header, a branch, and a templated
/// JSON answer.
pub const MEASURED: &str = r##"
flow "payment" mode="sync" {
    webhook "/payments/1hfmkioou0d" {
        auth { basic user="shop" password="let-me-in"; }
        parse {
            header "X-Request-Id"
            body "order.id" as="order_id" type="string" required=#true
            body "amount" type="number" required=#true
            body "currency" type="string" default="EUR"
            body "customer.email" as="email"
        }
    }
    branch "big order?" {
        when "amount >= 100 and currency == 'EUR'" label="big" {
            respond 200 { json { ok #true; order "{{ order_id }}"; amount "{{ amount }}"; request "{{ x_request_id }}"; }; }
        }
        otherwise { respond 422 { body "order {{ order_id }} is too small: {{ amount }}"; }; }
    }
}
"##;

/// A configuration with the measured flow and as many others as make `flows` of them.
pub fn with_flows(flows: usize) -> String {
    let mut text = String::from("server { listen \"127.0.0.1:0\"; }\n");
    for i in 1..flows {
        let _ = write!(
            text,
            r#"
flow "flow {i}" mode="sync" {{
    webhook "/flows/{i}/{{id}}" {{
        parse {{ path "id"; body "amount" type="number" default=0; }}
    }}
    branch {{
        when "amount >= {i}" {{ respond 200 {{ body "{{{{ id }}}}: {{{{ amount }}}}"; }}; }}
        otherwise {{ respond 204; }}
    }}
}}
"#
        );
    }
    text + MEASURED
}

/// The request that is sent: 1 KiB of JSON by POST, with Basic credentials.
pub fn request() -> Vec<u8> {
    let mut items = String::new();
    let mut i = 0;
    let body = loop {
        let body = format!(
            r#"{{"event":"order.paid","order":{{"id":"A-100234","created":"2026-11-24T03:04:05Z","items":[{items}]}},"customer":{{"name":"Ada Lovelace","email":"ada@example.org","country":"GB"}},"amount":250.5,"currency":"EUR","test":false}}"#
        );
        if body.len() >= 1000 {
            break body;
        }
        if i > 0 {
            items.push(',');
        }
        let _ = write!(
            items,
            r#"{{"sku":"SKU-{i:03}","qty":{},"price":{}.5,"name":"Some thing"}}"#,
            i % 3,
            i * 7
        );
        i += 1;
    };
    format!(
        "POST /payments/1hfmkioou0d HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: shop/1.0\r\nAccept: */*\r\nAuthorization: Basic c2hvcDpsZXQtbWUtaW4=\r\nX-Request-Id: 7f1c2d3e4f\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
