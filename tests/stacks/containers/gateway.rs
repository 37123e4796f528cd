//! The gateway in front of roles that only say what they were asked: nothing is changed on the way, and nothing
//! private is kept.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use bystander::deploy::{DeployOptions, up};
use reqwest::{Client, Method, Response};

use crate::engine::{Bench, Outcome, Quiet, client, ensure};

/// A gateway to ask.
struct Gateway {
    /// Without a proxy.
    client: Client,
    /// Where it is, without a slash at the end.
    address: String,
}

impl Gateway {
    /// Asks, with these headers.
    async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Result<Response, reqwest::Error> {
        let request = self.client.request(method, format!("{}{path}", self.address));
        headers
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .send()
            .await
    }

    /// What the role says that it was asked, in small letters.
    async fn said(&self, path: &str, headers: &[(&str, &str)]) -> Result<String, reqwest::Error> {
        Ok(self
            .ask(Method::GET, path, headers)
            .await?
            .text()
            .await?
            .to_lowercase())
    }
}

/// Everything about the gateway, on one stack.
pub(crate) fn changes_nothing_and_keeps_nothing_private(bench: &Bench) -> Outcome {
    let folder = tempfile::tempdir()?;
    let executable = folder.path().join("echo");
    fs::write(&executable, include_str!("echo.pl"))?;
    fs::set_permissions(&executable, fs::Permissions::from_mode(0o755))?;
    let options = DeployOptions {
        executable: Some(executable),
        ..bench.options()
    };
    let stack = bench.runtime.block_on(up(&options, &Quiet))?;
    let address = stack.addresses.api.as_str().trim_end_matches('/').to_owned();
    let gateway = Gateway {
        client: client()?,
        address,
    };
    bench.runtime.block_on(async {
        asks_the_replicas_in_turn(&gateway).await?;
        passes_on_what_was_asked(&gateway).await?;
        strips_the_prefix(&gateway).await?;
        keeps_only_what_may_be_kept(&gateway).await
    })?;
    bench.runtime.block_on(stack.down())?;
    bench.nothing_is_left()
}

/// One after the other.
async fn asks_the_replicas_in_turn(gateway: &Gateway) -> Outcome {
    let mut names = BTreeSet::new();
    for _ in 0..4 {
        names.extend(gateway.said("/", &[]).await?.split(' ').next().map(str::to_owned));
    }
    ensure(names == ["api-1", "api-2"].map(str::to_owned).into(), || {
        format!("{names:?} were asked")
    })
}

/// Ranges, conditions, methods, hosts, sizes: also for what the gateway might answer by itself.
async fn passes_on_what_was_asked(gateway: &Gateway) -> Outcome {
    let host = gateway.address.trim_start_matches("http://");
    for path in ["/private", "/public/ranges"] {
        gateway.said(path, &[]).await?;
        for (name, value) in [("range", "bytes=1-2"), ("if-none-match", "\"tag\"")] {
            let said = gateway.said(path, &[(name, value)]).await?;
            ensure(said.contains(&format!("{name}: {value}")), || {
                format!("{path} without its {name}: {said}")
            })?;
        }
        let head = gateway.ask(Method::HEAD, path, &[]).await?;
        ensure(head.headers()["x-method"] == "HEAD", || {
            format!("{path}: {head:?}")
        })?;
    }
    let forged = [
        ("x-forwarded-for", "203.0.113.9"),
        ("x-forwarded-host", "elsewhere.test"),
        ("authorization", "Bearer t"),
    ];
    let said = gateway.said("/private", &forged).await?;
    for line in [
        format!("\nhost: {host}"),
        format!("x-forwarded-host: {host}"),
        "x-forwarded-proto: http\r".to_owned(),
    ] {
        ensure(said.contains(&line), || format!("no `{line}` in {said}"))?;
    }
    ensure(said.contains("authorization: bearer t"), || said.clone())?;
    ensure(
        !said.contains("203.0.113.9") && !said.contains("elsewhere.test"),
        || format!("believed: {said}"),
    )?;
    let large = gateway
        .client
        .put(format!("{}/private", gateway.address))
        .body(vec![0_u8; 20 << 20])
        .send()
        .await?;
    let said = large.text().await?;
    ensure(said.contains(&format!("received {}\n", 20 << 20)), || {
        said.clone()
    })
}

/// The object store is asked without the prefix, and with the path and query as they were.
async fn strips_the_prefix(gateway: &Gateway) -> Outcome {
    let said = gateway
        .said("/objects/replays/1/media?person=a%2Fb&expires=2", &[])
        .await?;
    ensure(said.starts_with("objects was asked"), || said.clone())?;
    ensure(
        said.contains("\nget /replays/1/media?person=a%2fb&expires=2 http/1.1"),
        || said.clone(),
    )
}

/// What may be kept is asked for once; what may not, every time.
async fn keeps_only_what_may_be_kept(gateway: &Gateway) -> Outcome {
    let mut public = BTreeSet::new();
    let mut private = BTreeSet::new();
    for _ in 0..4 {
        public.insert(gateway.said("/public/kept", &[]).await?);
        private.insert(gateway.said("/private/kept", &[]).await?);
    }
    ensure(public.len() == 1, || format!("caching is off: {public:?}"))?;
    ensure(private.len() == 4, || {
        format!("something private was kept: {private:?}")
    })
}
