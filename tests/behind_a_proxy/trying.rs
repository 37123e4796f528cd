//! A run through the library against a clinic behind the proxy, judged as the command line judges it.

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bystander::cast::People;
use bystander::http::{Sender, StackClient};
use bystander::judge::{Judge, Judgement, exit};
use bystander::ledger::{Entry, Ledger, Run, Stack, read_file};
use bystander::plant::registry::Registry;
use bystander::plant::scan::Scanner;
use bystander::probe::{RunCounters, StackSession, declared};
use bystander::profile::{Profile, Vars};
use bystander::run::{Filter, RunContext, RunProgress, Selection, StackWatch, read, run, select};
use bystander::steps::{MediaSizes, ScenarioDefaults};
use bystander::toggle::{Settling, StackLock};
use bystander_clinic::embedded::Clinic;
use regex::Regex;
use serde_json::Value as Json;
use url::Url;

use crate::binary::Trouble;
use crate::proxy::{Meddle, Proxy};

/// No run may take longer, whatever the stack does.
const LONGEST: Duration = Duration::from_secs(60);

/// What a run against a misbehaving stack came to.
pub(crate) struct Tried {
    /// What the judge says.
    pub(crate) judgement: Judgement,
    /// The exit code that goes with it.
    pub(crate) code: u8,
    /// How many answers the proxy meddled with.
    pub(crate) meddled: usize,
    /// How long the scenarios took.
    pub(crate) took: Duration,
}

/// How a run is tried.
pub(crate) struct Trying {
    /// Titles of the scenarios.
    pub(crate) scenarios: &'static str,
    /// Response timeout.
    pub(crate) patience: Duration,
    /// What is different in the clinic's profile.
    pub(crate) shape: fn(&mut Profile),
}

impl Trying {
    /// Runs the scenarios against a sound clinic behind a proxy that does this.
    pub(crate) async fn against(&self, meddle: Box<Meddle>) -> Result<Tried, Trouble> {
        let clinic = Clinic::start(&[]).await?;
        let addresses = clinic.addresses();
        let proxy = Proxy::start(addresses.api.clone(), addresses.objects.clone(), meddle).await?;
        let replicas: Vec<Json> = addresses
            .replicas
            .iter()
            .map(|url| Json::from(url.as_str()))
            .collect();
        let stack = Vars::default()
            .with("api", proxy.address.as_str())
            .with("objects", format!("{}objects", proxy.address))
            .with("flags", addresses.flags.as_str())
            .with("replicas", replicas)
            .with("admin_key", addresses.admin_key.reveal())
            .with("service_key", addresses.service_key.reveal());
        let place = tempfile::tempdir()?;
        let ledger = Arc::new(Ledger::create(&place.path().join("ledger.ndjson"))?);
        let mut profile = Profile::clinic()?;
        // what stands between does not pass a WebSocket on
        profile.surface.remove("events-socket");
        (self.shape)(&mut profile);
        let profile = Arc::new(profile);
        let selection = own_features(self.scenarios, &profile)?;
        begin(&ledger, &profile, &selection, "embedded");
        let watch = Watch(proxy.address.join("/health")?);
        let backdrop = backdrop(
            StackClient::new(profile, &stack)?,
            self.patience,
            &ledger,
            Arc::new(watch),
        )?;
        let began = Instant::now();
        tokio::time::timeout(LONGEST, run(backdrop, Arc::new(selection), 4, false))
            .await
            .map_err(|_| format!("the run had not ended after {} s", LONGEST.as_secs()))?;
        let took = began.elapsed();
        let judgement = judged(&ledger)?;
        let tried = Tried {
            code: exit::code(&judgement, false),
            judgement,
            meddled: proxy.meddled(),
            took,
        };
        drop(proxy);
        clinic.stop().await;
        Ok(tried)
    }
}

/// The features of this directory, those with such titles.
fn own_features(titles: &str, profile: &Profile) -> Result<Selection, Trouble> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/users_own/neighbours.feature");
    let filter = Filter {
        tags: None,
        name: Some(Regex::new(titles)?),
        containers: false,
        first: Vec::new(),
    };
    Ok(select(read(&own)?, &filter, profile)?)
}

/// Begins the ledger of a run.
pub(crate) fn begin(ledger: &Ledger, profile: &Profile, selection: &Selection, kind: &str) {
    ledger.append(&Entry::Run(Run {
        run: "misbehaving".to_owned(),
        version: "0.0.0".to_owned(),
        seed: 1,
        started: "2020-06-09T09:00:00Z".to_owned(),
        selected: selection.count(),
        filtered_out: selection.filtered_out(),
        sabotage: None,
    }));
    declared::entries(profile).for_each(|entry| ledger.append(&entry));
    ledger.append(&Entry::Stack(Stack {
        kind: kind.to_owned(),
        why: "a test wants it".to_owned(),
        target: "clinic".to_owned(),
        addresses: Vec::new(),
        ready_ms: 0,
    }));
}

/// What the scenarios of a run on one stack stand before.
pub(crate) fn backdrop(
    site: StackClient,
    patience: Duration,
    ledger: &Arc<Ledger>,
    watch: Arc<dyn StackWatch>,
) -> Result<RunContext, Trouble> {
    let registry = Arc::new(Registry::new());
    Ok(RunContext {
        session: Arc::new(StackSession {
            sender: Arc::new(Sender::for_profile(&site.profile, patience)?),
            site,
            scanner: Arc::new(Scanner::new(Arc::clone(&registry))),
            registry,
            ledger: Arc::clone(ledger),
            numbers: Arc::new(RunCounters::default()),
            spread: bystander::probe::Sampling::default(),
            saboteur: None,
            known_ids: RwLock::default(),
            undo: bystander::undo::UndoLog::nowhere(),
        }),
        defaults: ScenarioDefaults {
            people: People::new(1, "misbehaving"),
            sizes: MediaSizes {
                audio: bystander::plant::media::AUDIO_BYTES,
                video: bystander::plant::media::VIDEO_BYTES,
            },
            gone: Arc::new(AtomicBool::new(false)),
            settling: Settling::default(),
        },
        hold: StackLock::default(),
        watch,
        provider: None,
        progress: Arc::new(Nobody),
    })
}

/// Judges the ledger from its file, as the command line does.
pub(crate) fn judged(ledger: &Ledger) -> Result<Judgement, Trouble> {
    ledger.check()?;
    let mut judge = Judge::default();
    for entry in read_file(ledger.path())? {
        judge.observe(&entry?);
    }
    judge.complete(ledger.now_ms());
    Ok(judge.finish())
}

/// Asks the api through the proxy whether it is well.
struct Watch(Url);

#[async_trait]
impl StackWatch for Watch {
    async fn first_unhealthy_part(&self, _: &Arc<StackSession>) -> Option<String> {
        let asked = async {
            let client = reqwest::Client::builder().no_proxy().build()?;
            client.get(self.0.clone()).send().await?.error_for_status()
        };
        match tokio::time::timeout(Duration::from_secs(2), asked).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(format!("api: {error}")),
            Err(_) => Some("api: no answer within 2 s".to_owned()),
        }
    }
}

/// Nobody is told how it gets on.
struct Nobody;

impl RunProgress for Nobody {
    fn scenario_ended(&self, _: &str, _: bool) {}
}
