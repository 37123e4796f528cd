//! What a request looks like when it leaves, for every kind of body.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use super::*;
use crate::http::Credentials;
use crate::profile::Profile;

fn site() -> StackClient {
    let text = "[target]\nname = \"t\"\n[base]\napi = \"http://127.0.0.1:4000\"\n[role.patient]\n";
    let mut profile = Profile::parse("t.toml", text).unwrap();
    profile.directory = std::env::temp_dir();
    StackClient::new(Arc::new(profile), &Vars::default()).unwrap()
}

fn step(text: &str) -> Step {
    toml::from_str(text).unwrap()
}

fn sent(text: &str, vars: &Vars) -> Result<Request, StackClientError> {
    let (site, step) = (site(), step(text));
    let base = site.addresses(None)?[0].clone();
    let payloads = Payloads::from([(
        "media",
        Payload {
            mime: "audio/wav",
            bytes: Arc::from(*b"RIFF"),
        },
    )]);
    let mut request = site.request(step.request_text(), &base, vars, &Credentials::none())?;
    site.fill_payload(&mut request, RequestContent::from(&step).with(&payloads), vars)?;
    Ok(request)
}

fn shown(request: &Request) -> (String, String) {
    let mime = request
        .headers
        .get(CONTENT_TYPE)
        .map(|value| value.to_str().unwrap().to_owned());
    let body = String::from_utf8_lossy(&request.body).into_owned();
    (mime.unwrap_or_default(), body)
}

#[test]
fn every_kind_of_body_has_its_bytes_and_its_type() {
    let vars = Vars::default().with("t", "a b&c").with("n", 7);
    let cases = [
        (
            "json = { '{{ t }}' = '{{ n }}', x = [1, true, '{{ t }}!'] }",
            "application/json",
            r#"{"a b&c":7,"x":[1,true,"a b&c!"]}"#,
        ),
        (
            "json = { a = 1 }\ntype = 'application/merge-patch+json'",
            "application/merge-patch+json",
            r#"{"a":1}"#,
        ),
        (
            "json = { a = 1 }\nheaders = { Content-Type = 'application/fhir+json' }",
            "application/fhir+json",
            r#"{"a":1}"#,
        ),
        (
            "form = { a = '{{ t }}', b = 'ü' }",
            "application/x-www-form-urlencoded",
            "a=a+b%26c&b=%C3%BC",
        ),
        (
            "body = '<x>{{ n }}</x>'\ntype = 'text/xml'",
            "text/xml",
            "<x>7</x>",
        ),
        ("body = '{{ n }}'", "text/plain; charset=utf-8", "7"),
        ("payload = 'media'", "audio/wav", "RIFF"),
        (
            "payload = 'media'\ntype = 'application/octet-stream'",
            "application/octet-stream",
            "RIFF",
        ),
        ("", "", ""),
    ];
    for (text, mime, body) in cases {
        let request = sent(&format!("request = 'POST /x'\n{text}"), &vars).unwrap();
        assert_eq!(shown(&request), (mime.to_owned(), body.to_owned()), "{text}");
    }
}

#[test]
fn a_multipart_body_has_fields_of_every_kind() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.dcm");
    std::fs::write(&file, b"DICM").unwrap();
    let vars = Vars::default()
        .with("name", "consultation-\"x\".wav")
        .with("file", file.to_str().unwrap());
    let text = r#"
        request = "POST /x"
        multipart = [
          { name = "title", text = "{{ name }}" },
          { name = "meta", json = { a = "{{ name }}" } },
          { name = "media", payload = "media", file_name = "{{ name }}" },
          { name = "bare", payload = "media" },
          { name = "scan", file = "{{ file }}", type = "application/dicom" },
        ]
    "#;
    let request = sent(text, &vars).unwrap();
    let (mime, body) = shown(&request);
    let boundary = mime.strip_prefix("multipart/form-data; boundary=").unwrap();
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).map(str::trim).collect();
    assert_eq!(
        parts,
        [
            "",
            "Content-Disposition: form-data; name=\"title\"\r\n\r\nconsultation-\"x\".wav",
            "Content-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{\"a\":\"consultation-\\\"x\\\".wav\"}",
            "Content-Disposition: form-data; name=\"media\"; filename=\"consultation-%22x%22.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF",
            "Content-Disposition: form-data; name=\"bare\"; filename=\"media\"\r\nContent-Type: audio/wav\r\n\r\nRIFF",
            "Content-Disposition: form-data; name=\"scan\"; filename=\"scan.dcm\"\r\nContent-Type: application/dicom\r\n\r\nDICM",
            "--",
        ]
    );
    let related = sent(&format!("{text}\ntype = 'multipart/related'"), &vars).unwrap();
    assert!(
        shown(&related)
            .0
            .starts_with("multipart/related; boundary=bystander-")
    );
}

#[test]
fn query_values_are_encoded_and_the_ledger_sees_the_template() {
    let vars = Vars::default().with("t", "a b+c&d/é");
    let request = sent(
        "request = 'GET /x?fixed=1'\nquery = { q = '{{ t }}', 'a b' = '2' }",
        &vars,
    )
    .unwrap();
    assert_eq!(
        request.url.as_str(),
        "http://127.0.0.1:4000/x?fixed=1&a%20b=2&q=a%20b%2Bc%26d%2F%C3%A9"
    );
    assert_eq!(request.asked.url, "/x?fixed=1&a%20b=2&q={{ t }}");
}

#[test]
fn what_is_not_there_is_named() {
    for (text, wanted) in [
        ("payload = 'thumbnail'", "no payload `thumbnail`"),
        ("file = 'none-of-that-name.bin'", "none-of-that-name.bin"),
        ("multipart = [{ name = 'x' }]", "none of `text`"),
    ] {
        let error = sent(&format!("request = 'POST /x'\n{text}"), &Vars::default())
            .unwrap_err()
            .to_string();
        assert!(error.contains(wanted), "{text}: {error}");
    }
}
