use std::{sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, StatusCode, header};
use reqwest::Response;
use serde_json::{Map, json};
use url::Url;

use super::{
    Client, Peer, gate,
    retry_after::retry_after,
    trouble::{self, no_answer},
};
use crate::{
    engine::{effect::Failure, step::Mask},
    model::{Origin, Outbound},
    run::{Value, shortened},
};

/// How much of the body of an answer that is no success is told.
const EXCERPT: usize = 200;

/// A request that is ready to be sent.
pub(in crate::engine) struct Question<'q> {
    pub method: Method,
    /// With user and password, where there are any.
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The headers that go to nobody but the host they were written for.
    pub confidential: Vec<HeaderName>,
    /// Whether the body, too, is for that host alone.
    pub is_body_confidential: bool,
    /// The other side, as messages name it.
    pub peer: Peer,
    /// What is kept out of the answer, should the other side quote it.
    pub mask: Mask,
    /// What may be reached.
    pub outbound: &'q Arc<Outbound>,
    /// The statuses that are a success beside 2xx.
    pub accept_status: &'q [StatusCode],
    /// How many redirects are followed.
    pub redirects: u32,
    /// The longest body of an answer, in bytes.
    pub max_response: u64,
}

impl Question<'_> {
    /// Asks, reads the whole answer, and gives it as a variable takes it.
    pub async fn ask(mut self, client: &Client) -> Result<Value, Failure> {
        let client = client.of(self.outbound).await.map_err(Failure::lasting)?;
        let mut left = self.redirects;
        loop {
            let mut response = self.send(&client).await?;
            let status = response.status();
            if let Some(location) = location(&response).filter(|_| self.redirects > 0) {
                left = left.checked_sub(1).ok_or_else(|| {
                    Failure::lasting(format!(
                        "{} redirects more often than `redirects {}` follows",
                        self.peer.host(),
                        self.redirects
                    ))
                })?;
                self.follow(status, location)?;
                continue;
            }
            if !status.is_success() && !self.accept_status.contains(&status) {
                return Err(self.refused(response).await);
            }
            let body = self.whole_body(&mut response).await?;
            return Ok(self.value(status, response.headers(), &body));
        }
    }

    async fn send(&self, client: &reqwest::Client) -> Result<Response, Failure> {
        gate::check_literal(&self.url, self.outbound)
            .map_err(|barred| trouble::barred(barred, &self.peer))?;
        let mut request = client.request(self.method.clone(), self.url.clone());
        if !self.body.is_empty() {
            request = request.body(self.body.clone());
        }
        // Last: a header that is written out counts for more than user and password of the URL.
        let sent = request.headers(self.headers.clone()).send().await;
        sent.map_err(|error| no_answer(error, &self.peer))
    }

    /// Makes this the request that a redirect asks for (RFC 9110, 15.4).
    fn follow(&mut self, status: StatusCode, location: &str) -> Result<(), Failure> {
        let host = self.peer.host().into_owned();
        let astray = || {
            Failure::lasting(format!(
                "{host} redirects to what is no URL of a web server"
            ))
        };
        let mut url = self.url.join(location).map_err(|_| astray())?;
        let before = Origin::of(&self.url);
        let origin = Origin::of(&url).ok_or_else(astray)?;
        let (user, password) = (self.url.username(), self.url.password());
        let becomes_get = match status {
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = Bytes::new();
            self.headers.remove(header::CONTENT_TYPE);
        }
        // Of a URL with a host, both can be set.
        if before.as_ref() == Some(&origin) {
            let _ = url.set_username(user);
            let _ = url.set_password(password);
        } else {
            let _ = url.set_username("");
            let _ = url.set_password(None);
            for name in &self.confidential {
                self.headers.remove(name);
            }
            if self.is_body_confidential && !self.body.is_empty() {
                return Err(Failure::lasting(format!(
                    "{host} redirects to another host, which a body with a secret is not sent to"
                )));
            }
            self.peer = self.peer.moved_to(&origin);
        }
        self.url = url;
        Ok(())
    }

    /// The whole body, where it is no longer than it may be.
    async fn whole_body(&self, response: &mut Response) -> Result<Bytes, Failure> {
        let too_long = || {
            Failure::lasting(format!(
                "the answer of {} is longer than {} bytes, which is `max-response`",
                self.peer.host(),
                self.max_response
            ))
        };
        if response
            .content_length()
            .is_some_and(|length| length > self.max_response)
        {
            return Err(too_long());
        }
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| no_answer(error, &self.peer))?
        {
            if (body.len() + chunk.len()) as u64 > self.max_response {
                return Err(too_long());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.into())
    }

    /// A successful answer. What it quotes of the secrets that were sent is masked.
    fn value(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Value {
        let headers = headers.keys().filter_map(|name| {
            let text = self.mask.text(headers.get(name)?.as_bytes());
            Some((name.as_str().to_owned(), Value::String(text)))
        });
        // Masked text may be JSON no more, and read as JSON a secret may look another way.
        let mut json: Value = serde_json::from_slice(body).unwrap_or_default();
        self.mask.value(&mut json);
        json!({
            "status": status.as_u16(),
            "headers": headers.collect::<Map<_, _>>(),
            "json": json,
            "text": self.mask.text(body),
        })
    }

    /// That the status is no success.
    async fn refused(&self, mut response: Response) -> Failure {
        let status = response.status();
        let mut message = format!("{} answered {}", self.peer.host(), status.as_u16());
        if location(&response).is_some() {
            message += ", which redirects, and no `redirects` are followed";
        }
        let excerpt = excerpt(&mut response, &self.mask).await;
        if !excerpt.is_empty() {
            message += ": ";
            message += &excerpt;
        }
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            Failure {
                retry_after: retry_after(response.headers(), SystemTime::now()),
                ..Failure::passing(message)
            }
        } else {
            Failure::lasting(message)
        }
    }
}

/// Where an answer redirects to; 300 and 304 leave it to the reader, or redirect nowhere.
fn location(response: &Response) -> Option<&str> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = response.headers().get(header::LOCATION)?;
    location.to_str().ok().filter(|_| redirects)
}

/// The beginning of a body, on one line.
async fn excerpt(response: &mut Response, mask: &Mask) -> String {
    let mut start = Vec::new();
    // A character has up to four bytes. What breaks off has told enough.
    while start.len() < 4 * EXCERPT {
        match response.chunk().await {
            Ok(Some(chunk)) => start.extend_from_slice(&chunk),
            _ => break,
        }
    }
    let text = match start.len() < 4 * EXCERPT {
        true => mask.text(&start),
        false => mask.start(&start),
    };
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>();
    let line = line.join(" ");
    shortened(&line, EXCERPT).into_owned()
}
