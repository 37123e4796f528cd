//! WebSockets (RFC 6455): opened like any request, with the asker's credentials, and listened to.

use super::message::{Reply, Request};
use super::sender::{MOST_BYTES, root_cause, too_long};
use crate::ledger::Delivery;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::{SinkExt as _, StreamExt as _};
use reqwest::header::{
    CONNECTION, CONTENT_TYPE, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{StatusCode, Upgraded};
use std::time::Duration;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Message, Role};

/// How long it may take to say that we leave.
const LEAVES_WITHIN: Duration = Duration::from_millis(200);

/// One that is open.
pub(super) struct WebSocket {
    reply: Reply,
    stream: WebSocketStream<Upgraded>,
}

/// Why none was opened.
pub(super) enum WebSocketRefusal {
    /// No answer came, or it was no WebSocket's.
    Unanswered(Reply),
    /// The answer was another one, whose body is still to be read.
    Answered(Reply, reqwest::Response),
}

/// Opens one.
pub(super) async fn open(
    client: &reqwest::Client,
    request: &Request,
    deadline: Instant,
) -> Result<WebSocket, Box<WebSocketRefusal>> {
    let allowed = deadline.saturating_duration_since(Instant::now());
    let unanswered = |delivery| Box::new(WebSocketRefusal::Unanswered(Reply::none(delivery)));
    let unreachable = |why: String| unanswered(Delivery::Unreachable { why });
    let key = STANDARD.encode(rand::random::<[u8; 16]>());
    let mut url = request.url.clone();
    let plain = match url.scheme() {
        "ws" => Some("http"),
        "wss" => Some("https"),
        _ => None,
    };
    if let Some(plain) = plain
        && url.set_scheme(plain).is_err()
    {
        return Err(unreachable(format!(
            "`{}` is no address of a WebSocket",
            request.asked.url
        )));
    }
    let mut headers = request.headers.clone();
    // of the first message, which is sent later
    headers.remove(CONTENT_TYPE);
    let sent = client
        .request(request.method.clone(), url)
        .headers(headers)
        .header(CONNECTION, "Upgrade")
        .header(UPGRADE, "websocket")
        .header(SEC_WEBSOCKET_VERSION, "13")
        .header(SEC_WEBSOCKET_KEY, &key)
        .send();
    let response = match timeout_at(deadline, sent).await {
        Err(_) => {
            let after_ms = u64::try_from(allowed.as_millis()).unwrap_or(u64::MAX);
            return Err(unanswered(Delivery::TimedOut { after_ms }));
        }
        Ok(Err(error)) => return Err(unreachable(root_cause(&error))),
        Ok(Ok(response)) => response,
    };
    let mut reply = Reply::none(Delivery::Whole);
    reply.status = response.status().as_u16();
    reply.headers = response.headers().clone();
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return Err(Box::new(WebSocketRefusal::Answered(reply, response)));
    }
    let accepts =
        reply.header(SEC_WEBSOCKET_ACCEPT.as_str()) == Some(derive_accept_key(key.as_bytes()).as_str());
    if !accepts {
        let why = "it agreed to a WebSocket, with another key than was asked for".to_owned();
        return Err(unanswered(Delivery::Truncated { why }));
    }
    match response.upgrade().await {
        Err(error) => Err(unreachable(root_cause(&error))),
        Ok(upgraded) => Ok(WebSocket {
            stream: WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await,
            reply,
        }),
    }
}

impl WebSocket {
    /// Says what is to be said first, and hears what arrives until `meanwhile` is over, a message a line. When it is open, and
    /// whenever something arrives, `heard` is shown all that has.
    pub(super) async fn read_messages(
        self,
        request: &Request,
        meanwhile: impl Future<Output = ()> + Send,
        heard: impl Fn(&[u8]) + Send + Sync,
    ) -> Reply {
        let Self {
            mut reply,
            mut stream,
        } = self;
        let first = match std::str::from_utf8(&request.body) {
            Ok("") => None,
            Ok(text) => Some(Message::text(text)),
            Err(_) => Some(Message::binary(request.body.to_vec())),
        };
        if let Some(first) = first
            && let Err(error) = stream.send(first).await
        {
            reply.delivery = Delivery::Truncated {
                why: root_cause(&error),
            };
            return reply;
        }
        heard(&reply.body);
        let mut meanwhile = std::pin::pin!(meanwhile);
        loop {
            let message = tokio::select! {
                () = &mut meanwhile => break,
                message = stream.next() => message,
            };
            match message {
                Some(Ok(Message::Close(_))) | None => {
                    // it ended by itself: what was begun meanwhile is not left half done
                    meanwhile.await;
                    return reply;
                }
                Some(Ok(message)) if message.is_text() || message.is_binary() => {
                    reply.body.extend_from_slice(&message.into_data());
                    reply.body.push(b'\n');
                    heard(&reply.body);
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => {
                    reply.delivery = Delivery::Truncated {
                        why: root_cause(&error),
                    };
                    return reply;
                }
            }
            if reply.body.len() > MOST_BYTES {
                reply.delivery = too_long();
                break;
            }
        }
        // whoever does not answer that has nothing more to say to us
        timeout(LEAVES_WITHIN, stream.close(None)).await.ok();
        reply
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::super::StreamKind;
    use super::super::credentials::Credentials;
    use super::super::sender::Sender;
    use super::*;
    use crate::ledger::RequestSent;
    use axum::extract::ws::{Message as Told, WebSocket, WebSocketUpgrade};
    use axum::http::HeaderMap;
    use axum::response::IntoResponse as _;
    use axum::routing::get;
    use reqwest::{Method, Url};

    /// Says back what is said first, tells two things more, and leaves when it is asked to.
    async fn tells(mut socket: WebSocket) {
        let Some(Ok(Told::Text(first))) = socket.recv().await else {
            return;
        };
        let first = first.to_string();
        for told in [format!("you said {first}"), "one".to_owned(), "two".to_owned()] {
            socket.send(Told::text(told)).await.unwrap();
        }
        match first.as_str() {
            "leave" => socket.send(Told::Close(None)).await.unwrap(),
            "break off" => return,
            _ => {}
        }
        // stays until the other side leaves
        while let Some(Ok(_)) = socket.recv().await {}
    }

    async fn server() -> Url {
        let opens = async |headers: HeaderMap, upgrade: WebSocketUpgrade| match headers.get("authorization") {
            Some(_) => upgrade.on_upgrade(tells),
            None => (axum::http::StatusCode::UNAUTHORIZED, "who are you?").into_response(),
        };
        let app = axum::Router::new()
            .route("/socket", get(opens))
            .route("/plain", get(async || "no socket here"));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Url::parse(&format!("http://127.0.0.1:{port}")).unwrap()
    }

    fn request(base: &Url, path: &str, first: &str, signed_in: bool) -> Request {
        let mut headers = reqwest::header::HeaderMap::new();
        if signed_in {
            headers.insert("authorization", "Bearer x".parse().unwrap());
        }
        Request {
            method: Method::GET,
            url: base.join(path).unwrap(),
            headers,
            body: first.as_bytes().into(),
            keys: Credentials::none(),
            asked: RequestSent {
                method: "GET".to_owned(),
                url: path.to_owned(),
                rewritten_by: None,
            },
        }
    }

    /// Listens until `two` has come, or for as long as the other side stays, a second at most.
    async fn listen(request: &Request, to_the_end: bool) -> Reply {
        let sender = Sender::new(Duration::from_secs(2)).unwrap();
        let told = tokio::sync::Notify::new();
        let hears = |body: &[u8]| {
            if body.ends_with(b"two\n") && !to_the_end {
                told.notify_one();
            }
        };
        let meanwhile = async {
            timeout(Duration::from_secs(1), told.notified()).await.ok();
        };
        sender
            .listen(request, StreamKind::WebSocket, meanwhile, hears)
            .await
    }

    #[tokio::test]
    async fn what_is_told_is_heard_a_message_a_line() {
        let base = server().await;
        let reply = listen(&request(&base, "/socket", "hello", true), false).await;
        assert_eq!((reply.status, reply.delivery), (101, Delivery::Whole));
        assert_eq!(
            String::from_utf8(reply.body).unwrap(),
            "you said hello\none\ntwo\n"
        );
    }

    #[tokio::test]
    async fn an_address_of_a_websocket_is_one() {
        let base = server().await;
        let mut asked = request(&base, "/socket", "hello", true);
        asked.url = Url::parse(&asked.url.as_str().replacen("http", "ws", 1)).unwrap();
        assert_eq!(listen(&asked, false).await.status, 101);
    }

    #[tokio::test]
    async fn one_that_the_other_side_closes_has_said_all() {
        let base = server().await;
        let reply = listen(&request(&base, "/socket", "leave", true), true).await;
        assert_eq!(reply.delivery, Delivery::Whole);
        assert_eq!(reply.body, b"you said leave\none\ntwo\n");
    }

    #[tokio::test]
    async fn one_that_breaks_off_may_have_had_more_to_say() {
        let base = server().await;
        let reply = listen(&request(&base, "/socket", "break off", true), true).await;
        assert!(matches!(reply.delivery, Delivery::Truncated { .. }), "{reply:?}");
    }

    #[tokio::test]
    async fn a_refusal_is_an_answer() {
        let base = server().await;
        let reply = listen(&request(&base, "/socket", "hello", false), false).await;
        assert_eq!((reply.status, reply.body.as_slice()), (401, &b"who are you?"[..]));
        let reply = listen(&request(&base, "/plain", "hello", true), false).await;
        assert_eq!(
            (reply.status, reply.body.as_slice()),
            (200, &b"no socket here"[..])
        );
    }

    #[tokio::test]
    async fn where_nobody_listens_there_is_no_answer() {
        let closed = Url::parse("http://127.0.0.1:9").unwrap();
        let reply = listen(&request(&closed, "/socket", "hello", true), false).await;
        assert!(
            matches!(reply.delivery, Delivery::Unreachable { .. }),
            "{reply:?}"
        );
    }
}
