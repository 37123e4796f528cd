//! Stacks of users' own profiles: from images, from a Dockerfile, and from a Compose file.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use bystander::deploy::clean;
use bystander::deploy::external::{ExternalStack, ExternalStackKind, up};
use bystander::profile::Profile;
use testcontainers::bollard::query_parameters::{
    ListContainersOptionsBuilder, ListNetworksOptionsBuilder, ListVolumesOptionsBuilder,
};
use testcontainers::core::client::docker_client_instance;

use crate::engine::{Bench, Outcome, Quiet, client, ensure};

/// What fails, in words.
type Trouble = Box<dyn std::error::Error>;

/// A server that says what it was asked and what a file holds, and asks another one on.
const SERVER: &str = r#"
use strict; use warnings; use IO::Socket::INET;
$| = 1;
my $listener = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => 8080, Listen => 50, ReuseAddr => 1) or die "cannot listen: $!";
print "listening as $ENV{NAME}\n";
while (my $client = $listener->accept) {
    my $asked = <$client> // next;
    while (my $line = <$client>) { last if $line =~ /^\r?\n$/ }
    my $said = "$ENV{NAME} knows $ENV{KNOWS}\n";
    if ($asked =~ m{^GET /on } && $ENV{NEXT}) {
        my $next = IO::Socket::INET->new(PeerAddr => $ENV{NEXT}, PeerPort => 8080, Timeout => 5);
        if ($next) { print $next "GET / HTTP/1.0\r\n\r\n"; $said .= join '', <$next>; } else { $said .= "nobody: $!"; }
    }
    if (open my $file, '<', '/etc/told') { $said .= join '', <$file>; }
    exit 7 if $asked =~ m{^GET /end };
    print $client "HTTP/1.1 200 OK\r\nContent-Length: " . length($said) . "\r\nConnection: close\r\n\r\n$said";
    close $client;
}
"#;

/// A folder with a Dockerfile and what it copies.
fn folder() -> Result<tempfile::TempDir, Trouble> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    write("server.pl", SERVER)?;
    write("told.txt", "a file from outside\n")?;
    write(
        "Dockerfile",
        "FROM debian:trixie-slim\nCOPY server.pl /server.pl\nENV NAME=nobody KNOWS=nothing\nCMD [\"perl\", \"/server.pl\"]\n",
    )?;
    Ok(folder)
}

/// Two containers from one Dockerfile, that find each other by name.
const PAIR: &str = r#"
[target]
name = "a pair"
[base]
api = "{{ stack.api }}"
[role.patient]
[deploy.image.store]
dockerfile = "Dockerfile"
context = { "server.pl" = "server.pl" }
environment = { NAME = "store" }
wait = { log = "listening as store" }
[deploy.image.web]
dockerfile = "Dockerfile"
context = { "server.pl" = "server.pl" }
environment = { NAME = "web", KNOWS = "{{ stack.api }}", NEXT = "store" }
files = { "/etc/told" = "told.txt" }
port = { api = 8080 }
after = ["store"]
wait = { http = "api /health", within = "30s" }
"#;

fn profile(folder: &Path, text: &str) -> Result<Profile, Trouble> {
    let mut profile = Profile::parse("a.toml", text)?;
    profile.directory = folder.to_owned();
    Ok(profile)
}

fn raise(bench: &Bench, profile: &Profile) -> Result<ExternalStack, Trouble> {
    Ok(bench.runtime.block_on(up(profile, &bench.run, false, &Quiet))?)
}

fn fails(bench: &Bench, profile: &Profile) -> Result<String, Trouble> {
    match raise(bench, profile) {
        Ok(stack) => Err(format!("it came up: {stack:?}").into()),
        Err(error) => Ok(error.to_string()),
    }
}

/// Both come up in their order, are told what they need, and are reached from this machine only.
pub(crate) fn containers_from_a_dockerfile(bench: &Bench) -> Outcome {
    let folder = folder()?;
    let stack = raise(bench, &profile(folder.path(), PAIR)?)?;
    let address = stack.vars.text("api").ok_or("no address")?.to_owned();
    let said = bench.runtime.block_on(async {
        let answer = client()?.get(format!("{address}/on")).send().await?;
        answer.text().await
    })?;
    for expected in [
        format!("web knows {address}"),
        "store knows nothing".to_owned(),
        "a file from outside".to_owned(),
    ] {
        ensure(said.contains(&expected), || format!("{expected} in {said}"))?;
    }
    let containers = bench.containers()?;
    ensure(
        containers.len() == 2 && stack.kind == ExternalStackKind::Images,
        || format!("{containers:?}"),
    )?;
    let published: Vec<_> = containers
        .iter()
        .flat_map(|one| one.ports.iter().flatten())
        .filter_map(|port| port.ip.clone())
        .collect();
    ensure(published == ["127.0.0.1"], || format!("{published:?}"))?;
    ensure(
        bench.runtime.block_on(stack.first_unhealthy_part()).is_none(),
        || "it ails".to_owned(),
    )?;
    bench.runtime.block_on(async {
        // the answer never comes
        let _ = client()?.get(format!("{address}/end")).send().await;
        Ok::<_, Trouble>(())
    })?;
    let gone = bench.runtime.block_on(stack.lost_stack_details());
    ensure(
        gone.contains("container `web`")
            && gone.contains("exit code 7")
            && gone.contains("| listening as web"),
        || gone.clone(),
    )?;
    bench.runtime.block_on(stack.down())?;
    bench.nothing_is_left()
}

/// What does not come up says why, and leaves nothing.
pub(crate) fn containers_that_fail(bench: &Bench) -> Outcome {
    let folder = folder()?;
    let with = |from: &str, to: &str| profile(folder.path(), &PAIR.replace(from, to));
    let late = fails(
        bench,
        &with(
            "wait = { http = \"api /health\", within = \"30s\" }",
            "wait = { log = \"never said\", within = \"2s\" }",
        )?,
    )?;
    ensure(
        late.contains("container `web`")
            && late.contains("`never said`")
            && late.contains("| listening as web"),
        || late.clone(),
    )?;
    bench.nothing_is_left()?;
    let ends = fails(
        bench,
        &with(
            "after = [\"store\"]",
            "after = [\"store\"]\ncommand = [\"sh\", \"-c\", \"echo no such table; exit 3\"]",
        )?,
    )?;
    ensure(
        ends.contains("exit code 3") && ends.contains("| no such table"),
        || ends.clone(),
    )?;
    bench.nothing_is_left()?;
    std::fs::write(
        folder.path().join("Dockerfile"),
        "FROM debian:trixie-slim\nRUN echo from the build; exit 4\n",
    )?;
    let built = fails(bench, &with("", "")?)?;
    ensure(
        built.contains("could not be built") && built.contains("| from the build"),
        || built.clone(),
    )?;
    bench.nothing_is_left()
}

/// The file of the example.
fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/targets/clinic-compose/clinic.toml")
}

/// The built-in scenarios of lists, against the clinic as a Compose project.
pub(crate) fn the_clinic_from_its_compose_file(_: &Bench) -> Outcome {
    let out = tempfile::tempdir()?;
    let output = Command::new(env!("CARGO_BIN_EXE_bystander"))
        .args(["run", "--tags", "@listing", "--profile"])
        .arg(example())
        .arg("--out")
        .arg(out.path())
        .stdin(Stdio::null())
        .output()?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    ensure(output.status.code() == Some(0), || {
        format!("{}: {said}", output.status)
    })?;
    ensure(said.contains("brought up from compose.yaml"), || said.clone())?;
    let ledger = std::fs::read_to_string(out.path().join("ledger.ndjson"))?;
    let first: serde_json::Value = serde_json::from_str(ledger.lines().next().unwrap_or_default())?;
    let run = first.to_string();
    let run = run
        .split("\"run\":\"")
        .filter_map(|part| part.split('"').next())
        .find(|name| name.len() == 8);
    let project = format!("bystander-{}", run.ok_or("the run has no name")?);
    let bench = Bench::of("any")?;
    let left = left_of(&bench, &project)?;
    ensure(left == 0, || format!("{left} things of {project} are left"))
}

/// What a killed process leaves of a Compose project is found again by its run, and not while it is alive.
pub(crate) fn a_killed_compose_run_is_removed(bench: &Bench) -> Outcome {
    let folder = folder()?;
    std::fs::write(
        folder.path().join("compose.yaml"),
        "services:\n  web:\n    build: .\n    image: bystander/test-compose\n    ports: [\"127.0.0.1::8080\"]\n    volumes: [\"kept:/kept\"]\nvolumes:\n  kept: {}\n",
    )?;
    let text = "[target]\nname = \"a project\"\n[base]\napi = \"{{ stack.api }}\"\n[role.patient]\n[deploy.compose]\nfile = \"compose.yaml\"\nbuild = true\nport = { api = \"web:8080\" }\n";
    std::fs::write(folder.path().join("own.toml"), text)?;
    let mut child = Up::start(&folder.path().join("own.toml"))?;
    let project = format!("bystander-{}", child.run);
    let before = left_of(bench, &project)?;
    // the container, its network, its volume, and the mark
    ensure(before == 4, || format!("{before} things of the live {project}"))?;
    let cleaned = bench.runtime.block_on(clean(None, &Quiet))?;
    ensure(cleaned.left.iter().any(|left| left.run == child.run), || {
        format!("{cleaned:?}")
    })?;
    ensure(left_of(bench, &project)? == before, || {
        "something of a live run was removed".to_owned()
    })?;
    child.process.kill()?;
    child.process.wait()?;
    ensure(left_of(bench, &project)? == before, || {
        "it was gone before it was removed".to_owned()
    })?;
    bench.runtime.block_on(clean(None, &Quiet))?;
    let left = left_of(bench, &project)?;
    ensure(left == 0, || format!("{left} things of {project} are left"))
}

/// `bystander up`, until it is told to end.
pub(crate) fn up_takes_it_down_again(bench: &Bench) -> Outcome {
    let folder = folder()?;
    std::fs::write(folder.path().join("own.toml"), PAIR)?;
    let mut child = Up::start(&folder.path().join("own.toml"))?;
    let own = Bench::of(&child.run)?;
    ensure(own.containers()?.len() == 2, || "they are not up".to_owned())?;
    let told = Command::new("kill")
        .args(["-s", "INT", &child.process.id().to_string()])
        .status()?;
    ensure(told.success(), || "it cannot be told".to_owned())?;
    let status = child.process.wait()?;
    ensure(status.code() == Some(0), || status.to_string())?;
    own.nothing_is_left()?;
    bench.nothing_is_left()
}

/// A service that others could reach is refused before it is started.
pub(crate) fn an_exposed_service_is_refused(bench: &Bench) -> Outcome {
    let folder = folder()?;
    std::fs::write(
        folder.path().join("compose.yaml"),
        "services:\n  web:\n    build: .\n    ports: [\"8080\"]\n",
    )?;
    let text = "[target]\nname = \"a project\"\n[base]\napi = \"{{ stack.api }}\"\n[role.patient]\n[deploy.compose]\nfile = \"compose.yaml\"\nport = { api = \"web:8080\" }\n";
    let said = fails(bench, &profile(folder.path(), text)?)?;
    ensure(said.contains("`web`") && said.contains("127.0.0.1::8080"), || {
        said.clone()
    })?;
    let project = format!("bystander-{}", bench.run);
    let left = left_of(bench, &project)?;
    ensure(left == 0, || format!("{left} things of {project} are left"))
}

/// Whether there is a Compose client that can be used.
pub(crate) fn has_compose() -> bool {
    let version = Command::new("docker")
        .args(["compose", "version"])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .status();
    version.is_ok_and(|status| status.success())
}

/// How many containers, networks and volumes there are of a project, and of the mark by which its run is found.
fn left_of(bench: &Bench, project: &str) -> Result<usize, Trouble> {
    let filter = |label: String| HashMap::from([("label".to_owned(), vec![label])]);
    let own = filter(format!("com.docker.compose.project={project}"));
    let run = project.strip_prefix("bystander-").unwrap_or_default();
    let mark = filter(format!("org.bystander.run={run}"));
    bench.runtime.block_on(async {
        let docker = docker_client_instance().await?.negotiate_version().await?;
        let containers = ListContainersOptionsBuilder::new()
            .all(true)
            .filters(&own)
            .build();
        let networks = ListNetworksOptionsBuilder::new().filters(&own).build();
        let mut left = docker.list_containers(Some(containers)).await?.len()
            + docker.list_networks(Some(networks)).await?.len();
        for filter in [own, mark] {
            let volumes = ListVolumesOptionsBuilder::new().filters(&filter).build();
            left += docker
                .list_volumes(Some(volumes))
                .await?
                .volumes
                .unwrap_or_default()
                .len();
        }
        Ok(left)
    })
}

/// A process of `bystander up` whose stack is up.
struct Up {
    process: Child,
    run: String,
}

impl Up {
    fn start(profile: &Path) -> Result<Self, Trouble> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_bystander"))
            .args(["up", "--profile"])
            .arg(profile)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdout = process.stdout.take().ok_or("it has no stdout")?;
        let mut up = Self {
            process,
            run: String::new(),
        };
        let mut lines = BufReader::new(stdout).lines();
        for line in &mut lines {
            let line = line?;
            if let Some((_, run)) = line.split_once("bystander clean ") {
                up.run = run.trim_end_matches('`').to_owned();
            }
            if line.starts_with("Ctrl-C") {
                // what it says later has to go somewhere
                std::thread::spawn(move || lines.for_each(drop));
                return Ok(up);
            }
        }
        Err("it ended before its stack was up".into())
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        // Nothing to be done if it has ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
