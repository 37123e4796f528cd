//! The texts that a person sees when a stack does not come up, and the checks that come before anything is started.

use std::time::Duration;

use super::error::{DeployError, FailedWait};
use super::tail::OutputTail;
use super::{DeployOptions, Mode, Progress, checked, clause, up};

/// Keeps quiet.
struct Quiet;

impl Progress for Quiet {
    fn say(&self, _: &str) {}
}

fn waited(part: &'static str, log: &str) -> Box<FailedWait> {
    let what = "`GET /health` to answer 200".to_owned();
    Box::new(FailedWait {
        part,
        what,
        after: Duration::from_millis(1240),
        log: OutputTail::of(log),
    })
}

fn shown(name: &str, error: &DeployError) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, error.to_string());
    });
}

#[test]
fn an_end_shows_the_log() {
    let log = "clinic api-1 listening on http://0.0.0.0:8080\nthe database cannot be prepared: connection refused\n";
    shown(
        "ended",
        &DeployError::Ended {
            code: 1,
            waited: waited("api-1", log),
        },
    );
}

#[test]
fn an_executable_that_is_too_new_gets_a_hint() {
    let log =
        "bystander: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.43' not found (required by bystander)";
    shown(
        "ended-too-new",
        &DeployError::Ended {
            code: 1,
            waited: waited("flags", log),
        },
    );
}

#[test]
fn a_wait_says_what_came_last() {
    let answer = r#"503 Service Unavailable {"error":"the cache does not answer"}"#.to_owned();
    shown(
        "not-ready",
        &DeployError::NotReady {
            answer,
            waited: waited("objects", ""),
        },
    );
}

#[test]
fn a_start_shows_the_engines_words() {
    let said = "OCI runtime create failed: exec: \"/usr/local/bin/bystander\": permission denied".to_owned();
    shown(
        "start",
        &DeployError::Start {
            part: "flags",
            said,
            log: OutputTail::default(),
        },
    );
    let log = OutputTail::of("exec /usr/local/bin/bystander: exec format error");
    let said = "it ended at once, with exit code 1".to_owned();
    shown(
        "start-other-processor",
        &DeployError::Start {
            part: "flags",
            said,
            log,
        },
    );
}

#[test]
fn a_build_shows_its_end() {
    let output = OutputTail::of(
        "Step 4/4 : RUN apt-get update\nErr:1 http://mirror.test trixie InRelease\n  Could not resolve 'mirror.test'\n",
    );
    let said = "The command '/bin/sh -c apt-get update' returned a non-zero code: 100".to_owned();
    shown(
        "image",
        &DeployError::Image {
            part: "cache",
            said,
            output,
        },
    );
}

#[test]
fn a_tool_shows_its_end() {
    let error = DeployError::Tool {
        command: "mmdebstrap --variant=minbase trixie base.tar".to_owned(),
        how: "exit status: 1".to_owned(),
        output: OutputTail::of("E: cannot reach the mirror\n"),
        image: "debian:trixie-slim",
    };
    shown("tool", &error);
}

#[test]
fn what_is_missing_comes_with_its_mend() {
    let address = "unix:///var/run/docker.sock".to_owned();
    shown(
        "no-engine",
        &DeployError::NoEngine {
            address,
            said: "connection refused".to_owned(),
        },
    );
    let base = DeployError::NoBase {
        image: "debian:trixie-slim",
        tried: "it could not be pulled (no route), and `--no-bootstrap` forbids making it".to_owned(),
        mend: "bring it with `docker load`".to_owned(),
    };
    shown("no-base", &base);
    shown(
        "no-room",
        &DeployError::NoRoom {
            said: "could not find an available address pool".to_owned(),
        },
    );
}

#[test]
fn why_it_is_embedded_is_one_clause() {
    let output = OutputTail::of("no route\n");
    let error = DeployError::Image {
        part: "cache",
        said: "code 100".to_owned(),
        output,
    };
    assert_eq!(
        clause(&error),
        "the image of the cache could not be built: code 100"
    );
}

#[test]
fn a_run_has_a_name_that_a_container_can_have() {
    for fits in ["a", "0", "run-7", "ABCdef0123456789-abcdefg"] {
        assert!(checked(fits).is_ok(), "{fits}");
    }
    for does_not in ["", "-a", "a b", "a_b", "ä", "a/b", "abcdefghijklmnopqrstuvwxy"] {
        assert!(checked(does_not).is_err(), "{does_not}");
    }
}

#[tokio::test]
async fn an_unknown_fault_is_refused_before_anything_is_started() {
    let options = DeployOptions {
        mode: Mode::Containers,
        faults: vec!["nonsense".to_owned()],
        run: "faults".to_owned(),
        keep: false,
        bootstrap: false,
        executable: None,
    };
    assert!(matches!(
        up(&options, &Quiet).await,
        Err(DeployError::Embedded(_))
    ));
}
