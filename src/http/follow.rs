//! Redirects: each hop is a request of its own, only to hosts of the profile, and to another origin without credentials.

use super::message::{Reply, Request};
use super::stack_client::{StackClient, StackClientError};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap};
use std::sync::Arc;

/// So many redirects are followed.
pub(super) const MOST_HOPS: u32 = 5;

impl StackClient {
    /// The request that a redirect leads to; none when the answer is no redirect. `first` is the request that was asked for,
    /// `asked` the one that was answered.
    ///
    /// # Errors
    /// When it leads to no address, or to a host that the profile does not name.
    pub fn redirected(
        &self,
        first: &Request,
        asked: &Request,
        reply: &Reply,
    ) -> Result<Option<Request>, StackClientError> {
        if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
            return Ok(None);
        }
        let Some(location) = reply.header("location") else {
            return Ok(None);
        };
        let mut url = asked.url.join(location).map_err(|error| StackClientError::Form {
            what: format!("the redirect of {}", first.asked.url),
            why: error.to_string(),
        })?;
        self.allow(&url)?;
        // as browsers do: a form that was sent is not sent again, but where the answer insists
        let keeps_body = matches!(reply.status, 307 | 308) || asked.method == Method::HEAD;
        let method = if keeps_body {
            asked.method.clone()
        } else {
            Method::GET
        };
        let home = url.origin() == first.url.origin();
        let keys = if home {
            first.keys.clone()
        } else {
            first.keys.abroad()
        };
        let mut headers = HeaderMap::new();
        keys.put_into(&mut url, &mut headers);
        if home {
            for (name, value) in &first.headers {
                if name != COOKIE && (keeps_body || name != CONTENT_TYPE) {
                    headers.insert(name, value.clone());
                }
            }
        } else if let (true, Some(mime)) = (keeps_body, asked.headers.get(CONTENT_TYPE)) {
            headers.insert(CONTENT_TYPE, mime.clone());
        }
        let mut next = Request {
            method: method.clone(),
            url,
            headers,
            body: if keeps_body {
                Arc::clone(&asked.body)
            } else {
                Arc::from([])
            },
            keys,
            asked: first.asked.clone(),
        };
        // where it leads is the stack's own word, and may hold a secret
        next.asked.method = method.to_string();
        next.asked.url = format!("{} (redirected)", first.asked.url);
        Ok(Some(next))
    }
}
