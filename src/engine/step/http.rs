use std::iter;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use url::{Url, form_urlencoded};

use super::{header::header_value, mask::Mask, render::explain};
use crate::{
    engine::{
        effect::{Act, Failure},
        outbound::{Peer, Question, is_named},
        walk::Walk,
    },
    expr::{Context, JsonRenderer, Root, Template},
    model::{Http, Origin, Payload},
    run::{Value, is_secret_header, shortened},
};

/// The longest a title may be, in characters.
const TITLE: usize = 512;

/// Tells one request from another where it is sent twice (draft-ietf-httpapi-idempotency-key).
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

impl Act for Http<JsonRenderer> {
    fn output(&self) -> Option<u32> {
        self.output
    }

    fn title(&self, walk: &Walk<'_>) -> String {
        let rendered = if self.url.reads(Root::Secrets) {
            None
        } else {
            self.url
                .render(&walk.scope())
                .ok()
                .and_then(|text| Url::parse(&text).ok())
        };
        let shown = match rendered {
            Some(mut url) => {
                // Both can be set where there is a host, and there are neither where there is none.
                let _ = url.set_username("");
                let _ = url.set_password(None);
                url.to_string()
            }
            None => self.shown.clone(),
        };
        let title = format!("{} {shown}", self.method);
        shortened(&title, TITLE).into_owned()
    }

    async fn attempt(&self, walk: &Walk<'_>, key: &str) -> Result<Value, Failure> {
        let question = question(self, walk, key).map_err(Failure::lasting)?;
        let host = question.peer.host().into_owned();
        let asked = question.ask(&walk.course.means.client);
        match tokio::time::timeout(self.timeout, asked).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::passing(format!(
                "{host} took longer than {:?}",
                self.timeout
            ))),
        }
    }
}

/// The request, rendered.
fn question<'w>(
    http: &'w Http<JsonRenderer>,
    walk: &Walk<'w>,
    key: &str,
) -> Result<Question<'w>, String> {
    let scope = walk.scope();
    let outbound = &walk.course.flow.outbound;
    let text = render(&http.url, &scope)?;
    let mut url = Url::parse(&text).map_err(|_| no_url(http))?;
    let origin = Origin::of(&url).ok_or_else(|| no_url(http))?;
    let peer = match &http.origin {
        // Whatever user, password and path came to: it leads where it was written to lead.
        Some(written) if *written == origin => Peer::At(origin),
        Some(written) => {
            return Err(format!(
                "the URL came to another host than {written}, which is written out"
            ));
        }
        None => {
            let is_secret = http.url.reads(Root::Secrets);
            let peer = if is_secret {
                Peer::Secret
            } else {
                Peer::At(origin)
            };
            if !is_named(&url, outbound) {
                return Err(format!(
                    "a template chose {}, which `server {{ outbound {{ allow … }} }}` does not name",
                    peer.host()
                ));
            }
            peer
        }
    };
    if !http.query.is_empty() {
        let mut pairs = url.query_pairs_mut();
        for (name, value) in &http.query {
            pairs.append_pair(name, &render(value, &scope)?);
        }
    }
    let (content_type, body) = body(&http.body, &scope)?;
    let mut headers = HeaderMap::new();
    let mut confidential = Vec::new();
    for (name, template) in &http.headers {
        headers.append(name, header_value(name, &render(template, &scope)?)?);
        if template.reads(Root::Secrets) || is_secret_header(name.as_str()) {
            confidential.push(name.clone());
        }
    }
    if let Some(content_type) = content_type {
        let entry = headers.entry(header::CONTENT_TYPE);
        entry.or_insert(HeaderValue::from_static(content_type));
    }
    if !headers.contains_key(IDEMPOTENCY_KEY) {
        let value = format!("{}-{key}", walk.course.input.id);
        headers.insert(IDEMPOTENCY_KEY, header_value(&IDEMPOTENCY_KEY, &value)?);
    }
    Ok(Question {
        method: http.method.clone(),
        url,
        headers,
        body,
        confidential,
        is_body_confidential: read_secrets(&body_templates(&http.body)),
        peer,
        mask: Mask::of(templates(http), walk.course.flow),
        outbound,
        accept_status: &http.accept_status,
        redirects: http.redirects,
        max_response: http.max_response,
    })
}

fn no_url(http: &Http<JsonRenderer>) -> String {
    format!("`{}` came to no URL of a web server", http.shown)
}

/// A body, and the type it has where no header says else.
fn body(
    payload: &Payload<JsonRenderer>,
    scope: &dyn Context,
) -> Result<(Option<&'static str>, Bytes), String> {
    Ok(match payload {
        Payload::Empty => (None, Bytes::new()),
        Payload::Text(template) => (
            Some("text/plain; charset=utf-8"),
            render(template, scope)?.into(),
        ),
        Payload::Json(json) => {
            let mut out = Vec::with_capacity(256);
            json.render_into(scope, &mut out).map_err(|error| {
                explain(
                    error.message,
                    read_secrets(&body_templates(payload)),
                    "`json`",
                )
            })?;
            (Some("application/json"), out.into())
        }
        Payload::Form(fields) => {
            let mut form = form_urlencoded::Serializer::new(String::new());
            for (name, value) in fields {
                form.append_pair(name, &render(value, scope)?);
            }
            (
                Some("application/x-www-form-urlencoded"),
                form.finish().into(),
            )
        }
    })
}

/// All that is rendered for a request.
fn templates(http: &Http<JsonRenderer>) -> impl Iterator<Item = &Template> {
    let query = http.query.iter().map(|(_, value)| value);
    let headers = http.headers.iter().map(|(_, value)| value);
    let body = body_templates(&http.body);
    iter::once(&http.url)
        .chain(query)
        .chain(headers)
        .chain(body)
}

fn body_templates(payload: &Payload<JsonRenderer>) -> Vec<&Template> {
    match payload {
        Payload::Empty => Vec::new(),
        Payload::Text(template) => vec![template],
        Payload::Json(json) => json.templates().collect(),
        Payload::Form(fields) => fields.iter().map(|(_, value)| value).collect(),
    }
}

fn read_secrets(templates: &[&Template]) -> bool {
    templates
        .iter()
        .any(|template| template.reads(Root::Secrets))
}

fn render(template: &Template, scope: &dyn Context) -> Result<String, String> {
    super::render::render(template, format_args!("`{}`", template.text()), scope)
}
