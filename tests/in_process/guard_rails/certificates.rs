//! A stack with a certificate of its own authority, that wants to see one too.

use std::path::Path;
use std::sync::Arc;

use bystander::ledger::Delivery;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::RootCertStore;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::speaking::Speaking;
use crate::binary::Trouble;

/// A server that shows a certificate for `localhost`, and takes only clients that show one of the same authority. In the directory:
/// `ca.pem`, and `me.pem` with a client's certificate and key.
async fn serve() -> Result<(String, TempDir), Trouble> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut authority = CertificateParams::new(Vec::new())?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let signed = |name: &str| -> Result<_, Trouble> {
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec![name.to_owned()])?.signed_by(&key, &authority)?;
        Ok((certificate, key))
    };
    let (server, server_key) = signed("localhost")?;
    let (client, client_key) = signed("bystander.test")?;
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("ca.pem"), authority.pem())?;
    std::fs::write(
        folder.path().join("me.pem"),
        format!("{}{}", client.pem(), client_key.serialize_pem()),
    )?;
    let mut roots = RootCertStore::empty();
    roots.add(authority.der().clone())?;
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build()?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
    let config = rustls::ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(vec![server.der().clone()], key)?;
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("https://localhost:{}", listener.local_addr()?.port());
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let mut stream = acceptor.accept(connection).await.ok()?;
                let mut asked = [0; 4096];
                let length = stream.read(&mut asked).await.ok()?;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi";
                if length > 0 {
                    stream.write_all(answer).await.ok()?;
                }
                stream.shutdown().await.ok()
            });
        }
    });
    Ok((address, folder))
}

async fn delivered(parts: &str) -> Result<Delivery, Trouble> {
    let (address, folder) = serve().await?;
    let reply = Speaking::to(&address, folder.path(), parts)?.get("/").await?;
    if reply.is_whole() {
        assert_eq!((reply.status, reply.body.as_slice()), (200, b"hi".as_slice()));
    }
    Ok(reply.delivery)
}

#[tokio::test]
async fn both_sides_are_known_by_the_files_of_the_profile() -> Result<(), Trouble> {
    let whole = delivered("[connection]\nca = \"ca.pem\"\nclient_certificate = \"me.pem\"").await?;
    assert_eq!(whole, Delivery::Whole);
    let nameless = delivered("[connection]\nca = \"ca.pem\"").await?;
    assert_ne!(nameless, Delivery::Whole, "it wants to see a certificate");
    let unknown = delivered("[connection]\nclient_certificate = \"me.pem\"").await?;
    let Delivery::Unreachable { why } = unknown else {
        return Err(format!("{unknown:?}").into());
    };
    assert!(why.to_lowercase().contains("certificate"), "{why}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_cannot_be_used_is_named() -> Result<(), Trouble> {
    let folder = tempfile::tempdir()?;
    std::fs::write(folder.path().join("empty.pem"), "nothing\n")?;
    for (parts, place) in [
        ("ca = \"nowhere.pem\"", "connection.ca"),
        ("ca = \"empty.pem\"", "connection.ca"),
        (
            "client_certificate = \"empty.pem\"",
            "connection.client_certificate",
        ),
    ] {
        let parts = format!("[connection]\n{parts}");
        let error = Speaking::to("https://localhost:1", folder.path() as &Path, &parts);
        let text = error.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(text.contains(place), "{parts}: {text}");
    }
    Ok(())
}
