//! A part of the stack goes away in the middle of a run.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bystander::deploy::Stack;
use bystander::http::StackClient;
use bystander::judge::exit;
use bystander::ledger::{Ledger, Verdict};
use bystander::probe::StackSession;
use bystander::profile::{Profile, Vars};
use bystander::run::{Filter, StackWatch, built_in, run, select};
use serde_json::Value as Json;

use crate::binary::{Trouble, ensure};
use crate::engine::Bench;
use crate::trying::{backdrop, begin, judged};

/// The run may take so long after the database has stopped.
const LONGEST: Duration = Duration::from_secs(60);

/// The database stops when some work has been done: exit code 5, and nothing is left behind.
pub(crate) fn database() -> Result<(), Trouble> {
    let bench = Bench::new()?;
    let stack = Arc::new(bench.up()?);
    let judgement = bench.runtime.block_on(run_and_stop(&stack));
    let stack = Arc::into_inner(stack).ok_or("somebody still holds the stack")?;
    bench.runtime.block_on(stack.down())?;
    bench.nothing_is_left()?;
    let judgement = judgement?;
    let text = bystander::report::terminal::render(&judgement, bystander::report::terminal::Style::default());
    let code = exit::code(&judgement, false);
    ensure(code == exit::STACK, || format!("exit code {code}\n{text}"))?;
    ensure(
        judgement.verdict != Some(Verdict::Held) && judgement.findings.is_empty(),
        || text.clone(),
    )?;
    let named = judgement
        .gaps
        .iter()
        .any(|gap| gap.why.starts_with("the stack went away: "));
    ensure(named, || format!("it is not said what went away\n{text}"))
}

async fn run_and_stop(stack: &Arc<Stack>) -> Result<bystander::judge::Judgement, Trouble> {
    let place = tempfile::tempdir()?;
    let ledger = Arc::new(Ledger::create(&place.path().join("ledger.ndjson"))?);
    let profile = Arc::new(Profile::clinic()?);
    let filter = Filter {
        containers: true,
        ..Filter::default()
    };
    let selection = Arc::new(select(built_in()?, &filter, &profile)?);
    begin(&ledger, &profile, &selection, "containers");
    let site = StackClient::new(profile, &vars(stack))?;
    let watch = Watch(Arc::clone(stack));
    let backdrop = backdrop(site, Duration::from_secs(10), &ledger, Arc::new(watch))?;
    let stop = async {
        while exchanges(&ledger) < 100 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let stopped = stack.stop_part("database").await;
        tokio::time::sleep(LONGEST).await;
        stopped
    };
    tokio::select! {
        () = run(backdrop, selection, 8, false) => {}
        stopped = stop => {
            stopped?;
            return Err(format!("the run had not ended {} s after the database", LONGEST.as_secs()).into());
        }
    }
    judged(&ledger)
}

fn exchanges(ledger: &Ledger) -> usize {
    let text = std::fs::read_to_string(ledger.path()).unwrap_or_default();
    text.matches(r#""entry":"exchange""#).count()
}

fn vars(stack: &Stack) -> Vars {
    let addresses = &stack.addresses;
    let replicas: Vec<Json> = addresses
        .replicas
        .iter()
        .map(|url| Json::from(url.as_str()))
        .collect();
    Vars::default()
        .with("api", addresses.api.as_str())
        .with("objects", addresses.objects.as_str())
        .with("flags", addresses.flags.as_str())
        .with("replicas", replicas)
        .with("admin_key", addresses.admin_key.reveal())
        .with("service_key", addresses.service_key.reveal())
}

/// The first part that is not well.
struct Watch(Arc<Stack>);

#[async_trait]
impl StackWatch for Watch {
    async fn first_unhealthy_part(&self, _: &Arc<StackSession>) -> Option<String> {
        let parts = self.0.health().await;
        parts
            .into_iter()
            .find_map(|(part, health)| health.err().map(|why| format!("{part}: {why}")))
    }
}
