//! HTTP/2 without TLS, with prior knowledge: a server that speaks nothing else, frame by frame (RFC 9113).

use std::path::Path;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use super::speaking::Speaking;
use crate::binary::Trouble;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;
/// `:status: 200`, as HPACK's static table has it.
const STATUS_200: &[u8] = &[0x88];

async fn serve() -> Result<String, Trouble> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(async move {
                // A client that speaks something else is left standing.
                let _ = converse(connection).await;
            });
        }
    });
    Ok(address)
}

async fn converse(mut connection: TcpStream) -> std::io::Result<()> {
    let mut preface = vec![0; PREFACE.len()];
    connection.read_exact(&mut preface).await?;
    if preface != PREFACE {
        return Ok(());
    }
    connection.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    loop {
        let mut head = [0; 9];
        connection.read_exact(&mut head).await?;
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
        let (kind, flags) = (head[3], head[4]);
        let stream = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
        let mut payload = vec![0; length as usize];
        connection.read_exact(&mut payload).await?;
        if kind == SETTINGS && flags & ACK == 0 {
            connection.write_all(&frame(SETTINGS, ACK, 0, &[])).await?;
        }
        if kind == HEADERS {
            connection
                .write_all(&frame(HEADERS, END_HEADERS, stream, STATUS_200))
                .await?;
            connection
                .write_all(&frame(DATA, END_STREAM, stream, b"over two"))
                .await?;
        }
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or_default().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

#[tokio::test]
async fn a_stack_that_speaks_only_http_2_is_spoken_to() -> Result<(), Trouble> {
    let address = serve().await?;
    let two = Speaking::to(&address, Path::new("."), "[connection]\nhttp = \"2\"")?;
    let reply = two.get("/").await?;
    assert!(reply.is_whole(), "{reply:?}");
    assert_eq!(
        (reply.status, reply.body.as_slice()),
        (200, b"over two".as_slice())
    );
    let one = Speaking::to(&address, Path::new("."), "")?;
    assert!(!one.get("/").await?.is_whole(), "nobody asked for HTTP/2");
    Ok(())
}
