//! A proxy in front of the clinic that can be told to misbehave.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{
    AUTHORIZATION, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, TRANSFER_ENCODING,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::Response;
use futures::stream;
use reqwest::{Client, Url};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::binary::Trouble;

/// The longest body that is passed on.
const MOST: usize = 64 << 20;

/// What was asked, as far as a misbehaviour may depend on it.
pub(crate) struct Asked {
    /// The method.
    pub(crate) method: Method,
    /// The path without the query.
    pub(crate) path: String,
    /// The session it carries, if any.
    pub(crate) session: Option<String>,
    /// How many requests came before it.
    pub(crate) before: usize,
}

/// What the clinic answered.
#[derive(Clone)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// All headers but those of the connection.
    pub(crate) headers: HeaderMap,
    /// The body.
    pub(crate) body: Bytes,
}

/// What becomes of the answer.
pub(crate) enum Turn {
    /// It is passed on as it is.
    Pass,
    /// This is sent in its place.
    Instead(Answer),
    /// Half of the body is sent, though the whole was announced; then the connection ends.
    CutOff,
    /// Nothing is ever sent.
    Hang,
    /// From now on every connection is dropped, this one first.
    DropEverything,
}

/// What was served before, by path: the session that was served it, and the body. So that it can be handed to others.
pub(crate) type Memory = HashMap<String, (Option<String>, Bytes)>;

/// Decides what becomes of an answer.
pub(crate) type Meddle = dyn Fn(&Asked, &Answer, &Memory) -> Turn + Send + Sync;

/// A proxy that is up until it is dropped.
pub(crate) struct Proxy {
    /// Where it is.
    pub(crate) address: Url,
    meddled: Arc<AtomicUsize>,
    tasks: [tokio::task::JoinHandle<()>; 2],
}

impl Proxy {
    /// In front of the api, and of the object store below `/objects`.
    pub(crate) async fn start(api: Url, objects: Url, meddle: Box<Meddle>) -> Result<Self, Trouble> {
        // a second installation is refused, and does no harm
        let _ = rustls::crypto::ring::default_provider().install_default();
        let inner = TcpListener::bind("127.0.0.1:0").await?;
        let behind_the_gate = inner.local_addr()?;
        let outer = TcpListener::bind("127.0.0.1:0").await?;
        let address = Url::parse(&format!("http://{}", outer.local_addr()?))?;
        let (closed, gate) = watch::channel(false);
        let meddled = Arc::new(AtomicUsize::new(0));
        let middle = Arc::new(Middle {
            client: Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()?,
            api,
            objects,
            address: address.clone(),
            meddle,
            asked: AtomicUsize::new(0),
            meddled: Arc::clone(&meddled),
            memory: Mutex::default(),
            closed,
        });
        let router = Router::new().fallback(handle).with_state(middle);
        let tasks = [
            tokio::spawn(async move {
                // It ends with the test.
                let _ = axum::serve(inner, router).await;
            }),
            tokio::spawn(keep_gate(outer, behind_the_gate, gate)),
        ];
        Ok(Self {
            address,
            meddled,
            tasks,
        })
    }

    /// How many answers were not passed on as they were.
    pub(crate) fn meddled(&self) -> usize {
        self.meddled.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.tasks.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

/// Lets connections through until it is closed, and then drops them all.
async fn keep_gate(outer: TcpListener, inner: SocketAddr, gate: watch::Receiver<bool>) {
    while let Ok((mut outside, _)) = outer.accept().await {
        let mut gate = gate.clone();
        tokio::spawn(async move {
            if *gate.borrow() {
                return;
            }
            let Ok(mut inside) = TcpStream::connect(inner).await else {
                return;
            };
            tokio::select! {
                _ = tokio::io::copy_bidirectional(&mut outside, &mut inside) => {}
                _ = gate.wait_for(|closed| *closed) => {}
            }
        });
    }
}

struct Middle {
    client: Client,
    api: Url,
    objects: Url,
    address: Url,
    meddle: Box<Meddle>,
    asked: AtomicUsize,
    meddled: Arc<AtomicUsize>,
    memory: Mutex<Memory>,
    closed: watch::Sender<bool>,
}

async fn handle(State(middle): State<Arc<Middle>>, request: Request) -> Result<Response, Infallible> {
    Ok(middle.answer(request).await.unwrap_or_else(|error| {
        let mut response = Response::new(Body::from(error.to_string()));
        *response.status_mut() = StatusCode::BAD_GATEWAY;
        response
    }))
}

impl Middle {
    async fn answer(&self, request: Request) -> Result<Response, Trouble> {
        let headers = request.headers();
        let session = headers.get(AUTHORIZATION).or_else(|| headers.get(COOKIE));
        let asked = Asked {
            method: request.method().clone(),
            path: request.uri().path().to_owned(),
            session: session.and_then(|value| Some(value.to_str().ok()?.to_owned())),
            before: self.asked.fetch_add(1, Ordering::Relaxed),
        };
        let (answer, open) = self.forward(request).await?;
        let turn = {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (self.meddle)(&asked, &answer, &memory);
            if asked.method == Method::GET && answer.status == StatusCode::OK {
                let served = (asked.session.clone(), answer.body.clone());
                memory.entry(asked.path.clone()).or_insert(served);
            }
            turn
        };
        if !matches!(turn, Turn::Pass) {
            self.meddled.fetch_add(1, Ordering::Relaxed);
        }
        match turn {
            Turn::Pass => match open {
                Some(open) => Ok(still_open(answer, open)),
                None => whole(answer),
            },
            Turn::Instead(other) => whole(other),
            Turn::CutOff => cut_off(answer),
            Turn::Hang => std::future::pending().await,
            Turn::DropEverything => {
                self.closed.send_replace(true);
                std::future::pending().await
            }
        }
    }

    /// The answer; of a stream of events its head, and where the events come from.
    async fn forward(&self, request: Request) -> Result<(Answer, Option<reqwest::Response>), Trouble> {
        let (parts, body) = request.into_parts();
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let url = match path.strip_prefix("/objects") {
            Some(path) => self.objects.join(path)?,
            None => self.api.join(path)?,
        };
        let mut headers = parts.headers;
        for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let body = axum::body::to_bytes(body, MOST).await?;
        let response = self
            .client
            .request(parts.method.clone(), url)
            .headers(headers)
            .body(body)
            .send()
            .await?;
        let status = response.status();
        let mut headers = response.headers().clone();
        for name in [CONNECTION, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let is_stream = headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream"));
        if is_stream {
            let body = Bytes::new();
            return Ok((
                Answer {
                    status,
                    headers,
                    body,
                },
                Some(response),
            ));
        }
        let mut body = response.bytes().await?;
        if parts.method == Method::POST && path.ends_with("/link") {
            // a link leads through the proxy as well
            let here = format!("{}objects/", self.address);
            let text = String::from_utf8(body.to_vec())?.replace(self.objects.as_str(), &here);
            body = Bytes::from(text);
        }
        if parts.method != Method::HEAD {
            headers.remove(CONTENT_LENGTH);
        }
        Ok((
            Answer {
                status,
                headers,
                body,
            },
            None,
        ))
    }
}

/// Events are passed on as they come.
fn still_open(answer: Answer, open: reqwest::Response) -> Response {
    let mut response = Response::new(Body::from_stream(open.bytes_stream()));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response
}

fn whole(answer: Answer) -> Result<Response, Trouble> {
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    Ok(response)
}

fn cut_off(answer: Answer) -> Result<Response, Trouble> {
    let half = answer.body.slice(..answer.body.len() / 2);
    let length = HeaderValue::from(answer.body.len());
    let body = stream::unfold(Some(half), |half| async {
        match half {
            Some(half) => Some((Ok(half), None)),
            None => {
                // what has been sent so far leaves while there is nothing more to send
                for _ in 0..8 {
                    tokio::task::yield_now().await;
                }
                Some((Err(std::io::Error::other("cut off")), None))
            }
        }
    });
    let mut response = Response::new(Body::from_stream(body));
    *response.status_mut() = answer.status;
    *response.headers_mut() = answer.headers;
    response.headers_mut().insert(CONTENT_LENGTH, length);
    Ok(response)
}
