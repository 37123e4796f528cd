//! A run through the library against a small stack, with a profile made of text, judged as the command line judges it.

use super::stack::{Answers, Stack};
use async_trait::async_trait;
use bystander::cast::People;
use bystander::http::{Sender, StackClient};
use bystander::judge::{Judge, Judgement};
use bystander::ledger::{Entry, Ledger, Run, Verdict, read_file};
use bystander::plant::registry::Registry;
use bystander::plant::scan::Scanner;
use bystander::probe::{RunCounters, StackSession, declared};
use bystander::profile::{Profile, Vars};
use bystander::report::terminal;
use bystander::run::{Filter, RunContext, RunProgress, StackWatch, read, run, select};
use bystander::steps::{MediaSizes, ScenarioDefaults};
use bystander::toggle::{Settling, StackLock};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, RwLock};
use std::time::Duration;

/// Cucumber sets a hook for the whole process while it runs.
static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// What every profile here says.
const COMMON: &str = r#"
[target]
name = "small"
[base]
api = "{{ stack.api }}"
media = "{{ stack.media }}"
west = "{{ stack.api | replace('127.0.0.1', 'west.localhost') }}"
[role.patient]
provision = [{ request = "POST /people", json = { name = "{{ me.name }}", role = "patient" }, expect = 201, capture = { id = "$.id" } }]
login = [{ request = "POST /login", json = { id = "{{ me.id }}" }, capture = { token = "$.token" } }]
credentials.header.Authorization = "Bearer {{ me.token }}"
whoami = { request = "GET /me", expect = "status == 200 and json('$.id') == me.id" }
[recording]
plant = [{ request = "POST /recordings", json = { title = "{{ canary.title }}" }, expect = 201, capture = { id = "$.id" } }]
missing = "{{ uuid() }}"
"#;

/// Two neighbours, each with more than a page of recordings.
const NEIGHBOURS: &str = r"Feature: Neighbours
  Scenario: Neighbours share nothing
    Given Ada has 3 finished audio consultations that were recorded
    And Ben has 3 finished audio consultations that were recorded
    Then no one can list or fetch anybody else's recordings
";

/// What came of a run.
pub(crate) struct Tried {
    pub(crate) judgement: Judgement,
    pub(crate) stack: Stack,
}

/// Runs the two neighbours.
pub(crate) fn tried(
    profile: &str,
    answers: impl Fn(&super::stack::Asked, &mut super::stack::World) -> Option<super::stack::Said>
    + Send
    + Sync
    + 'static,
) -> Tried {
    tried_with(profile, NEIGHBOURS, Arc::new(answers))
}

/// Runs a feature.
pub(crate) fn tried_with(profile: &str, feature: &str, answers: Arc<Answers>) -> Tried {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let tried = runtime.block_on(async {
        let _one = ONE_AT_A_TIME.lock().await;
        let stack = Stack::start(answers).await;
        let judgement = judged(profile, feature, &stack).await;
        Tried { judgement, stack }
    });
    runtime.shutdown_background();
    tried
}

async fn judged(profile: &str, feature: &str, stack: &Stack) -> Judgement {
    let place = tempfile::tempdir().unwrap();
    let ledger = Arc::new(Ledger::create(&place.path().join("ledger.ndjson")).unwrap());
    let text = format!("{COMMON}\n{profile}");
    let profile = Profile::parse("small.toml", &text);
    let profile = Arc::new(profile.map_err(miette::Report::new).unwrap());
    let path = place.path().join("it.feature");
    std::fs::write(&path, feature).unwrap();
    let selection = select(read(&path).unwrap(), &Filter::default(), &profile).unwrap();
    ledger.append(&Entry::Run(Run {
        run: "surfaces".to_owned(),
        version: "0.0.0".to_owned(),
        seed: 1,
        started: "2020-06-09T09:00:00Z".to_owned(),
        selected: selection.count(),
        filtered_out: 0,
        sabotage: None,
    }));
    declared::entries(&profile).for_each(|entry| ledger.append(&entry));
    let addresses = Vars::default()
        .with("api", stack.api.as_str())
        .with("media", stack.media.as_str());
    let registry = Arc::new(Registry::new());
    let backdrop = RunContext {
        session: Arc::new(StackSession {
            site: StackClient::new(profile, &addresses).unwrap(),
            sender: Arc::new(Sender::new(Duration::from_secs(10)).unwrap()),
            scanner: Arc::new(Scanner::new(Arc::clone(&registry))),
            registry,
            ledger: Arc::clone(&ledger),
            numbers: Arc::new(RunCounters::default()),
            spread: bystander::probe::Sampling {
                // what each of them got is told of each
                all_personas: true,
                ..bystander::probe::Sampling::default()
            },
            saboteur: None,
            known_ids: RwLock::default(),
            undo: bystander::undo::UndoLog::nowhere(),
        }),
        defaults: ScenarioDefaults {
            people: People::new(1, "surfaces"),
            sizes: MediaSizes {
                audio: 4096,
                video: 4096,
            },
            gone: Arc::new(AtomicBool::new(false)),
            settling: Settling::default(),
        },
        hold: StackLock::default(),
        watch: Arc::new(Well),
        provider: None,
        progress: Arc::new(Well),
    };
    // it hangs on to nothing that could be sent to another thread
    let scenarios = run(backdrop, Arc::new(selection), 1, false);
    tokio::time::timeout(Duration::from_secs(60), scenarios)
        .await
        .unwrap();
    ledger.check().unwrap();
    let mut judge = Judge::default();
    for entry in read_file(ledger.path()).unwrap() {
        judge.observe(&entry.unwrap());
    }
    judge.complete(ledger.now_ms());
    judge.finish()
}

struct Well;

#[async_trait]
impl StackWatch for Well {
    async fn first_unhealthy_part(&self, _: &Arc<StackSession>) -> Option<String> {
        None
    }
}

impl RunProgress for Well {
    fn scenario_ended(&self, _: &str, _: bool) {}
}

impl Tried {
    fn told(&self) -> String {
        terminal::render(&self.judgement, terminal::Style::default())
    }

    pub(crate) fn holds(&self) -> &Self {
        assert_eq!(self.judgement.verdict, Some(Verdict::Held), "{}", self.told());
        self
    }

    /// Something leaked, and this stands in what is said of it.
    pub(crate) fn leaks(&self, words: &str) -> &Self {
        assert_eq!(self.judgement.verdict, Some(Verdict::Leaked), "{}", self.told());
        let said = self
            .judgement
            .findings
            .iter()
            .any(|finding| finding.sentence.contains(words));
        assert!(said, "`{words}` is not in:\n{}", self.told());
        self
    }

    /// It cannot be judged, and this is why.
    pub(crate) fn unclear(&self, words: &str) -> &Self {
        assert_eq!(
            self.judgement.verdict,
            Some(Verdict::Inconclusive),
            "{}",
            self.told()
        );
        let said = self.judgement.gaps.iter().any(|gap| gap.why.contains(words));
        assert!(said, "`{words}` is not in:\n{}", self.told());
        self
    }
}
