//! A server of a test's own: an axum router on a free port of 127.0.0.1, gone with the test.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

use crate::binary::Trouble;

/// A router that is being served.
pub(crate) struct Served {
    address: SocketAddr,
    /// Ends, and the server with it, when this is dropped.
    _runtime: Runtime,
}

impl Served {
    /// Serves a router on this port; 0: on any that is free.
    pub(crate) fn start(router: Router, port: u16) -> Result<Self, Trouble> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
        let address = listener.local_addr()?;
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self {
            address,
            _runtime: runtime,
        })
    }

    /// `http://127.0.0.1:PORT`.
    pub(crate) fn base(&self) -> String {
        format!("http://{}", self.address)
    }
}
