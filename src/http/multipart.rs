//! `multipart/form-data` bodies (RFC 7578).

use std::sync::Arc;

/// One part of a multipart body.
pub(super) struct MultipartPart {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) bytes: Arc<[u8]>,
}

/// The body and its content type.
pub(super) fn assemble(parts: &[MultipartPart]) -> (Vec<u8>, String) {
    let mut boundary = boundary();
    while parts
        .iter()
        .any(|part| memchr::memmem::find(&part.bytes, boundary.as_bytes()).is_some())
    {
        boundary = self::boundary();
    }
    let mut bytes = Vec::new();
    for part in parts {
        let mut head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"",
            quoted(&part.name)
        );
        if let Some(name) = &part.file_name {
            head.push_str(&format!("; filename=\"{}\"", quoted(name)));
        }
        if let Some(mime) = &part.mime {
            head.push_str(&format!("\r\nContent-Type: {}", mime.replace(['\r', '\n'], " ")));
        }
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes.extend_from_slice(&part.bytes);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    (bytes, format!("multipart/form-data; boundary={boundary}"))
}

fn boundary() -> String {
    format!("bystander-{}", uuid::Uuid::new_v4().simple())
}

/// A name as it stands between quotes in a part's head (the HTML standard, "multipart/form-data encoding algorithm").
fn quoted(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;

    fn part(name: &str, file_name: Option<&str>, bytes: &[u8]) -> MultipartPart {
        MultipartPart {
            name: name.to_owned(),
            file_name: file_name.map(str::to_owned),
            mime: file_name.map(|_| "audio/wav".to_owned()),
            bytes: Arc::from(bytes),
        }
    }

    #[test]
    fn parts_are_framed_and_their_bytes_left_alone() {
        let (bytes, mime) = assemble(&[
            part("title", None, b"a"),
            part("file", Some("x.wav"), b"\xff\r\n--\0"),
        ]);
        let boundary = mime.strip_prefix("multipart/form-data; boundary=").unwrap();
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--{boundary}\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"x.wav\"\r\nContent-Type: audio/wav\r\n\r\n"
        )
        .into_bytes();
        expected.extend_from_slice(b"\xff\r\n--\0\r\n");
        expected.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_name_cannot_break_out_of_its_quotes() {
        let (bytes, _) = assemble(&[part("f", Some("a\"; name=\"evil\r\nX: y"), b"")]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(
            text.contains("filename=\"a%22; name=%22evil%0D%0AX: y\""),
            "{text}"
        );
    }
}
