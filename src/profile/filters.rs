//! Filters and functions of the template language: encodings, digests, time, and what is made up anew each time.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use minijinja::value::{Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use rand::RngExt;
use regex::Regex;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::sync::LazyLock;

/// What stands for itself in every part of an address (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');
/// The longest that `random(n)` makes.
const MOST_RANDOM: usize = 4096;

/// Adds all of them.
pub(super) fn add(environment: &mut Environment<'static>) {
    environment.add_filter("base64", |value: Value| {
        Ok::<_, Error>(STANDARD.encode(bytes(&value)?))
    });
    environment.add_filter("base64url", |value: Value| {
        Ok::<_, Error>(URL_SAFE_NO_PAD.encode(bytes(&value)?))
    });
    environment.add_filter("unbase64", unbase64);
    environment.add_filter("path", percent);
    environment.add_filter("query", percent);
    environment.add_filter("form", |value: Value| {
        let encoded: String = url::form_urlencoded::byte_serialize(&bytes(&value)?).collect();
        Ok::<_, Error>(encoded)
    });
    environment.add_filter("sha256", |value: Value, out: Option<String>| {
        written(&Sha256::digest(bytes(&value)?), out.as_deref())
    });
    environment.add_filter("hmac_sha256", |value: Value, key: Value, out: Option<String>| {
        let mac = sign::<Hmac<Sha256>>(&value, &key)?;
        written(&mac, out.as_deref())
    });
    environment.add_filter("hmac_sha1", |value: Value, key: Value, out: Option<String>| {
        let mac = sign::<Hmac<Sha1>>(&value, &key)?;
        written(&mac, out.as_deref())
    });
    environment.add_function("uuid", || uuid::Uuid::new_v4().to_string());
    environment.add_function("now", || jiff::Timestamp::now().as_second());
    environment.add_function("now_ms", || jiff::Timestamp::now().as_millisecond());
    environment.add_function("iso_now", || {
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    });
    environment.add_function("random", random);
}

/// Filters that are used most, for "did you mean".
pub(super) const USUAL: [&str; 19] = [
    "base64",
    "base64url",
    "unbase64",
    "path",
    "query",
    "form",
    "sha256",
    "hmac_sha256",
    "hmac_sha1",
    "default",
    "int",
    "float",
    "string",
    "lower",
    "upper",
    "replace",
    "trim",
    "join",
    "length",
];

static LITERALS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r#"'[^']*'|"[^"]*""#).ok());
static USES: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\|\s*([A-Za-z_][A-Za-z0-9_]*)").ok());

/// The filters that an expression uses.
pub(super) fn used_in(expression: &str) -> Vec<String> {
    let (Some(literals), Some(uses)) = (&*LITERALS, &*USES) else {
        return Vec::new();
    };
    let bare = literals.replace_all(expression, "''");
    uses.captures_iter(&bare)
        .map(|found| found[1].to_owned())
        .collect()
}

/// A name or a value for a query, percent-encoded.
pub(crate) fn percent_encoded(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn percent(value: Value) -> Result<String, Error> {
    let bytes = bytes(&value)?;
    Ok(percent_encoding::percent_encode(&bytes, RESERVED).to_string())
}

/// What a filter works on: text, bytes, or a number or truth value as it is written.
fn bytes(value: &Value) -> Result<Cow<'_, [u8]>, Error> {
    match value.kind() {
        ValueKind::String | ValueKind::Bytes => Ok(Cow::Borrowed(value.as_bytes().unwrap_or_default())),
        ValueKind::Number | ValueKind::Bool => Ok(Cow::Owned(value.to_string().into_bytes())),
        kind => Err(wrong(format!("text is wanted, and this is {kind}"))),
    }
}

/// Either alphabet, with padding or without; text when it is text, bytes otherwise.
fn unbase64(value: Value) -> Result<Value, Error> {
    let mut text = bytes(&value)?.into_owned();
    text.retain(|byte| !byte.is_ascii_whitespace() && *byte != b'=');
    let alphabet = if text.iter().any(|byte| matches!(byte, b'-' | b'_')) {
        URL_SAFE_NO_PAD
    } else {
        STANDARD_NO_PAD
    };
    let decoded = alphabet
        .decode(&text)
        .map_err(|_| wrong("this is not base64".to_owned()))?;
    Ok(match String::from_utf8(decoded) {
        Ok(text) => Value::from(text),
        Err(error) => Value::from_bytes(error.into_bytes()),
    })
}

fn sign<M: Mac + KeyInit>(value: &Value, key: &Value) -> Result<Vec<u8>, Error> {
    let mut mac =
        <M as KeyInit>::new_from_slice(&bytes(key)?).map_err(|_| wrong("this cannot be a key".to_owned()))?;
    mac.update(&bytes(value)?);
    Ok(mac.finalize().into_bytes().to_vec())
}

/// A digest as it is wanted; `bytes` is for a digest that is the key of the next.
fn written(digest: &[u8], out: Option<&str>) -> Result<Value, Error> {
    match out.unwrap_or("hex") {
        "hex" => Ok(Value::from(hex::encode(digest))),
        "base64" => Ok(Value::from(STANDARD.encode(digest))),
        "base64url" => Ok(Value::from(URL_SAFE_NO_PAD.encode(digest))),
        "base64url-padded" => Ok(Value::from(URL_SAFE.encode(digest))),
        "bytes" => Ok(Value::from_bytes(digest.to_vec())),
        other => Err(wrong(format!(
            "`{other}` is no way to write a digest: `hex`, `base64`, `base64url`, `base64url-padded` and `bytes` are"
        ))),
    }
}

/// So many small letters and digits; or `digits`, the first of which is not 0, or `hex`.
fn random(length: usize, of: Option<String>) -> Result<String, Error> {
    let letters: &[u8] = match of.as_deref().unwrap_or("letters") {
        "letters" => b"abcdefghijklmnopqrstuvwxyz0123456789",
        "digits" => b"1234567890",
        "hex" => b"0123456789abcdef",
        other => {
            return Err(wrong(format!(
                "`{other}` cannot be made up: `letters`, `digits` and `hex` can"
            )));
        }
    };
    if length > MOST_RANDOM {
        return Err(wrong(format!("at most {MOST_RANDOM} characters can be wanted")));
    }
    let mut source = rand::rng();
    let first_of = if letters[0] == b'1' { 9 } else { letters.len() };
    let mut pick = |index: usize| {
        let among = if index == 0 { first_of } else { letters.len() };
        char::from(letters[source.random_range(0..among)])
    };
    Ok((0..length).map(&mut pick).collect())
}

fn wrong(why: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, why)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use crate::profile::{Templates, Vars};

    fn filled(template: &str) -> String {
        let vars = Vars::default()
            .with("key", "key")
            .with("text", "a b/ü+?")
            .with("n", 7);
        Templates::default().fill(template, &vars).unwrap()
    }

    #[test]
    fn encodings_are_those_of_the_place() {
        assert_eq!(filled("{{ text | path }}"), "a%20b%2F%C3%BC%2B%3F");
        assert_eq!(filled("{{ text | query }}"), "a%20b%2F%C3%BC%2B%3F");
        assert_eq!(filled("{{ text | form }}"), "a+b%2F%C3%BC%2B%3F");
        assert_eq!(filled("{{ ('admin:' ~ key) | base64 }}"), "YWRtaW46a2V5");
        assert_eq!(
            filled("{{ '??>~' | base64 }} {{ '??>~' | base64url }}"),
            "Pz8+fg== Pz8-fg"
        );
        assert_eq!(
            filled("{{ 'Pz8+fg==' | unbase64 }}{{ 'Pz8-fg' | unbase64 }}"),
            "??>~??>~"
        );
        assert_eq!(filled("{{ n | base64 }}"), "Nw==");
    }

    #[test]
    fn digests_are_the_published_ones() {
        // FIPS 180-2, B.1; RFC 2202 and RFC 4231, test case 2
        assert_eq!(
            filled("{{ 'abc' | sha256 }}"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            filled("{{ 'what do ya want for nothing?' | hmac_sha256('Jefe') }}"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        assert_eq!(
            filled("{{ 'what do ya want for nothing?' | hmac_sha1('Jefe') }}"),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
        // RFC 7636, appendix B
        assert_eq!(
            filled("{{ 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk' | sha256('base64url') }}"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }

    #[test]
    fn a_digest_can_be_the_key_of_the_next() {
        let direct = filled("{{ 'x' | hmac_sha256('abc' | sha256('bytes'), 'base64') }}");
        assert_eq!(
            filled("{{ 'x' | hmac_sha256(('abc' | sha256('base64')) | unbase64, 'base64') }}"),
            direct
        );
    }

    #[test]
    fn what_is_made_up_is_new_each_time() {
        assert_ne!(filled("{{ uuid() }}"), filled("{{ uuid() }}"));
        let random = filled("{{ random(40) }}");
        assert!(random.len() == 40 && random.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        assert_ne!(random, filled("{{ random(40) }}"));
        for _ in 0..50 {
            let number: u64 = filled("{{ random(3, 'digits') | int }}").parse().unwrap();
            assert!((100..1000).contains(&number), "{number}");
        }
    }

    #[test]
    fn time_is_now() {
        let seconds: i64 = filled("{{ now() }}").parse().unwrap();
        let milliseconds: i64 = filled("{{ now_ms() }}").parse().unwrap();
        assert!((milliseconds / 1000 - seconds).abs() <= 1 && seconds > 1_700_000_000);
        let iso: jiff::Timestamp = filled("{{ iso_now() }}").parse().unwrap();
        assert!((iso.as_second() - seconds).abs() <= 1);
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_holds_no_value() {
        let vars = Vars::default().with("secret", serde_json::json!({"a": "s3cret"}));
        for template in [
            "{{ secret | sha256 }}",
            "{{ 's3cret!' | unbase64 }}",
            "{{ 'x' | sha256('octal') }}",
            "{{ random(1000000) }}",
            "{{ random(3, 'runes') }}",
        ] {
            let error = Templates::default()
                .fill(template, &vars)
                .unwrap_err()
                .to_string();
            assert!(!error.replace(template, "").contains("s3cret"), "{error}");
        }
    }
}
