//! Stacks that are given, and stacks that a command brings up.

use std::path::Path;
use std::time::{Duration, Instant};

use super::{ExternalStack, ExternalStackKind, up};
use crate::deploy::{DeployError, Progress};
use crate::profile::Profile;

/// Keeps quiet.
struct Quiet;

impl Progress for Quiet {
    fn say(&self, _: &str) {}
}

/// A profile with these parts before the rest, that counts files from `directory`.
fn profile(directory: &Path, parts: &str) -> Profile {
    let text = format!("{parts}\n[target]\nname = \"a stack\"\n[role.patient]\n");
    let mut profile = Profile::parse("a.toml", &text).unwrap();
    profile.directory = directory.to_owned();
    profile
}

async fn raise(profile: &Profile) -> Result<ExternalStack, DeployError> {
    up(profile, "unit-test", false, &Quiet).await
}

/// A server in a few lines of shell would need a program that listens; Bash has none, Perl is everywhere.
const LISTEN: &str = "use IO::Socket::INET; my $s = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], ReuseAddr => 1) or die \"no port: $!\"; print \"listening\\n\"; $SIG{TERM} = sub { exit 0 }; while (my $c = $s->accept) { close $c }";

fn command(more: &str) -> String {
    format!("[base]\napi = \"{{{{ stack.api }}}}\"\n[deploy.command]\nports = [\"api\"]\n{more}")
}

async fn nobody_listens(address: &str) -> bool {
    let address = address.trim_start_matches("http://").to_owned();
    for _ in 0..100 {
        if tokio::net::TcpStream::connect(&address).await.is_err() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn a_given_stack_has_to_be_there() {
    // an address of its own, so that no other test is given the port in between
    let listener = tokio::net::TcpListener::bind("127.0.0.77:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let given = profile(Path::new("."), &format!("[base]\napi = \"{address}\""));
    let stack = raise(&given).await.unwrap();
    assert_eq!(
        (stack.kind, stack.why.as_str()),
        (ExternalStackKind::Given, "the profile gives its address")
    );
    assert_eq!(stack.first_unhealthy_part().await, None);
    drop(listener);
    let ails = stack.first_unhealthy_part().await.unwrap();
    assert!(ails.contains(&address) && ails.contains("refused"), "{ails}");
    let error = raise(&given).await.unwrap_err().to_string();
    assert!(
        error.contains("[base] api") && error.contains("hint: start the stack"),
        "{error}"
    );
}

#[tokio::test]
async fn no_connection_is_made_to_a_host_without_leave() {
    // an address that belongs to nobody (RFC 5737)
    let given = profile(Path::new("."), "[base]\napi = \"http://192.0.2.1:8080\"");
    let error = raise(&given).await.unwrap_err().to_string();
    assert!(
        error.contains("allow_hosts = [\"192.0.2.1\"]") && !error.contains("no connection"),
        "{error}"
    );
}

#[tokio::test]
async fn with_steps_that_wait_a_stack_may_come_up_later() {
    let later = profile(
        Path::new("."),
        "[base]\napi = \"http://127.0.0.1:1\"\n[deploy]\nready = [{ request = \"GET /\" }]",
    );
    assert_eq!(raise(&later).await.unwrap().kind, ExternalStackKind::Given);
}

#[tokio::test]
async fn a_command_that_goes_on_is_the_stack_and_ends_with_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("listen.pl"), LISTEN).unwrap();
    // the shell stays in between, so that its child is ended only with the whole group
    let text = command(
        "up = [\"sh\", \"-c\", 'perl listen.pl \"$PORT\"; echo it ended']\nenvironment = { PORT = \"{{ stack.api_port }}\" }",
    );
    let stack = raise(&profile(folder.path(), &text)).await.unwrap();
    assert_eq!(stack.kind, ExternalStackKind::Command);
    assert_eq!(stack.first_unhealthy_part().await, None);
    let address = stack.vars.text("api").unwrap().to_owned();
    assert!(
        stack.how_to_reach().contains("kill -- -"),
        "{}",
        stack.how_to_reach()
    );
    stack.down().await.unwrap();
    assert!(nobody_listens(&address).await);
}

#[tokio::test]
async fn a_command_that_fails_shows_what_it_said() {
    let folder = tempfile::tempdir().unwrap();
    let text = command("up = [\"sh\", \"-c\", \"echo out; echo no such database >&2; exit 3\"]");
    let began = Instant::now();
    let error = raise(&profile(folder.path(), &text))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "it was not waited for what cannot come"
    );
    for expected in [
        "exit status: 3",
        "| out",
        "| no such database",
        "[deploy.command] up",
    ] {
        assert!(error.contains(expected), "{expected} in {error}");
    }
}

#[tokio::test]
async fn a_command_that_does_not_exist_names_itself_and_its_directory() {
    let folder = tempfile::tempdir().unwrap();
    let text = command("up = [\"./start\", \"{{ stack.api_port }}\"]");
    let error = raise(&profile(folder.path(), &text))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("`./start {{ stack.api_port }}` cannot be run")
            && error.contains(&folder.path().display().to_string()),
        "{error}"
    );
}

#[tokio::test]
async fn what_a_command_put_into_the_background_is_taken_down_by_its_own_command() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("listen.pl"), LISTEN).unwrap();
    let text = command(
        "up = [\"sh\", \"-c\", 'setsid perl listen.pl \"$1\" & echo $! > pid', \"up\", \"{{ stack.api_port }}\"]\ndown = [\"sh\", \"-c\", \"kill $(cat pid) && echo {{ stack.run }} > ended\"]",
    );
    let stack = raise(&profile(folder.path(), &text)).await.unwrap();
    assert_eq!(stack.first_unhealthy_part().await, None);
    let address = stack.vars.text("api").unwrap().to_owned();
    stack.down().await.unwrap();
    assert!(nobody_listens(&address).await);
    let ended = std::fs::read_to_string(folder.path().join("ended")).unwrap();
    assert_eq!(ended.trim(), "unit-test");
}

#[tokio::test]
async fn a_command_for_the_end_that_fails_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("listen.pl"), LISTEN).unwrap();
    let text = command(
        "up = [\"perl\", \"listen.pl\", \"{{ stack.api_port }}\"]\ndown = [\"sh\", \"-c\", \"echo cannot >&2; exit 1\"]",
    );
    let stack = raise(&profile(folder.path(), &text)).await.unwrap();
    let address = stack.vars.text("api").unwrap().to_owned();
    let error = stack.down().await.unwrap_err().to_string();
    assert!(
        error.contains("| cannot") && error.contains("[deploy.command] down"),
        "{error}"
    );
    assert!(nobody_listens(&address).await, "it was ended all the same");
}

#[tokio::test]
async fn a_start_that_is_cut_short_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let text = command(
        "up = [\"sh\", \"-c\", \"trap 'echo > ended; exit' TERM; echo > begun; while :; do sleep 0.05; done\"]",
    );
    let profile = profile(folder.path(), &text);
    let begun = async {
        while !folder.path().join("begun").exists() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::select! {
        raised = raise(&profile) => panic!("it came up: {raised:?}"),
        () = begun => {}
    }
    assert!(folder.path().join("ended").exists());
}

#[tokio::test]
async fn a_stack_that_ends_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(
        "{}\n[deploy]\nready = [{{ request = \"GET /\" }}]",
        command("up = [\"sh\", \"-c\", \"sleep 0.2; echo out of memory; exit 9\"]")
    );
    let stack = raise(&profile(folder.path(), &text)).await.unwrap();
    let gone = tokio::time::timeout(Duration::from_secs(10), stack.lost_stack_details())
        .await
        .unwrap();
    assert!(
        gone.contains("exit status: 9") && gone.contains("out of memory"),
        "{gone}"
    );
    stack.down().await.unwrap();
}

#[tokio::test]
async fn secrets_that_a_stack_prints_are_not_passed_on() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("key"), "open-sesame\n").unwrap();
    let text = command(
        "up = [\"sh\", \"-c\", \"echo the key is $KEY; exit 1\"]\nenvironment = { KEY = \"{{ file('key') }}\" }",
    );
    let error = raise(&profile(folder.path(), &text))
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("| the key is") && !error.contains("open-sesame"),
        "{error}"
    );
}

#[tokio::test]
async fn one_way_is_enough() {
    // a profile that says both is refused when it is read
    let text = |way: &str| format!("[base]\napi = \"http://127.0.0.1:1\"\n{way}");
    let mut both = profile(Path::new("."), &text("[deploy.command]\nup = [\"true\"]"));
    let image = profile(Path::new("."), &text("[deploy.image.one]\nimage = \"one:1\""));
    both.deploy.as_mut().unwrap().image = image.deploy.unwrap().image;
    let error = raise(&both).await.unwrap_err().to_string();
    assert!(
        error.contains("[deploy.image] and [deploy.command]") && error.contains("keep one"),
        "{error}"
    );
}
