//! What Bystander keeps within: hosts, rates, waits that a stack asks for, certificates. Measured where the requests arrive.

#[path = "binary/mod.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod binary;
#[path = "guard_rails/certificates.rs"]
mod certificates;
#[path = "guard_rails/frames.rs"]
mod frames;
#[path = "guard_rails/hosts.rs"]
mod hosts;
#[path = "guard_rails/pace.rs"]
mod pace;
#[path = "misbehaving/proxy.rs"]
#[expect(dead_code, reason = "not all of it is needed here")]
mod proxy;
#[path = "guard_rails/runs.rs"]
mod runs;
#[path = "guard_rails/speaking.rs"]
mod speaking;
#[path = "misbehaving/trying.rs"]
mod trying;
