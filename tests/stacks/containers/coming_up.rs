//! The sound clinic comes up, as it should be, and a part that stops is seen.

use bystander::deploy::{DeploymentKind, Stack};
use testcontainers::bollard::models::ContainerSummary;

use tokio::net::{TcpListener, UnixStream};

use super::process;
use crate::engine::{Bench, Outcome, ensure};

/// All parts healthy; what is published is on 127.0.0.1; nothing is left afterwards.
pub(crate) fn healthy_on_loopback_only(bench: &Bench) -> Outcome {
    let stack = bench.up()?;
    ensure(stack.kind == DeploymentKind::Containers, || {
        format!("it is {}", stack.kind)
    })?;
    all_well(bench, &stack)?;
    let containers = bench.containers()?;
    ensure(containers.len() == 8 && stack.parts.len() == 8, || {
        format!("{} containers", containers.len())
    })?;
    for container in &containers {
        published_on_loopback(container)?;
    }
    let hosts = [
        &stack.addresses.api,
        &stack.addresses.objects,
        &stack.addresses.flags,
    ];
    for address in hosts.into_iter().chain(&stack.addresses.replicas) {
        ensure(address.host_str() == Some("127.0.0.1"), || format!("{address}"))?;
    }
    let shown = format!("{stack:?} {}", stack.how_to_reach());
    for key in [&stack.addresses.admin_key, &stack.addresses.service_key] {
        ensure(!shown.contains(key.reveal()), || "a key is shown".to_owned())?;
    }
    bench.runtime.block_on(stack.down())?;
    bench.nothing_is_left()
}

/// Exactly the parts that are to be reached have a port, and it is on loopback.
fn published_on_loopback(container: &ContainerSummary) -> Outcome {
    let name = container.names.clone().unwrap_or_default().concat();
    let published: Vec<_> = container
        .ports
        .iter()
        .flatten()
        .filter(|port| port.public_port.is_some())
        .filter_map(|port| port.ip.clone())
        .collect();
    let inside = ["database", "cache"].iter().any(|part| name.ends_with(part));
    let expected: &[&str] = if inside { &[] } else { &["127.0.0.1"] };
    ensure(published == expected, || {
        format!("{name} is published on {published:?}")
    })
}

/// The database stops: it is named, the replicas are not well either, and its log is there.
pub(crate) fn a_stopped_part_is_seen(bench: &Bench) -> Outcome {
    let stack = bench.up()?;
    bench.runtime.block_on(stack.stop_part("database"))?;
    let health = bench.runtime.block_on(stack.health());
    let ill: Vec<_> = health
        .iter()
        .filter(|(_, well)| well.is_err())
        .map(|(name, _)| name.as_str())
        .collect();
    for part in ["database", "api-1", "api-2", "gateway"] {
        ensure(ill.contains(&part), || format!("only {ill:?} are ill"))?;
    }
    let log = bench.runtime.block_on(stack.logs("database"))?;
    ensure(log.contains("database system is shut down"), || log.clone())?;
    ensure(bench.runtime.block_on(stack.stop_part("nobody")).is_err(), || {
        "stopped what is not there".to_owned()
    })?;
    bench.runtime.block_on(stack.down())?;
    bench.nothing_is_left()
}

/// Where the engine does not share our files, as behind TCP, the executable is sent to it.
pub(crate) fn a_copied_executable_works(bench: &Bench) -> Outcome {
    let listener = bench.runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
    let address = format!("tcp://{}", listener.local_addr()?);
    let socket = std::env::var("DOCKER_HOST").unwrap_or_default();
    let socket = socket
        .strip_prefix("unix://")
        .unwrap_or("/var/run/docker.sock")
        .to_owned();
    bench.runtime.spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let Ok(mut engine) = UnixStream::connect(&socket).await else {
                return;
            };
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut client, &mut engine).await });
        }
    });
    let mounts = |said: &str| {
        said.lines()
            .find_map(|line| Some(line.strip_prefix("mounts ")?.to_owned()))
    };
    let said = process::run(&["mounts", &bench.run], &[("DOCKER_HOST", &address)])?;
    ensure(mounts(&said).as_deref() == Some("0"), || {
        format!("copied: {said}")
    })?;
    bench.nothing_is_left()
}

/// Every part says that it is well.
fn all_well(bench: &Bench, stack: &Stack) -> Outcome {
    for (name, well) in bench.runtime.block_on(stack.health()) {
        ensure(well.is_ok(), || format!("{name}: {well:?}"))?;
    }
    Ok(())
}
