//! What Bystander keeps within: hosts, rates, waits that a stack asks for, certificates. Measured where the requests arrive.

mod certificates;
mod frames;
mod hosts;
mod pace;
mod runs;
mod speaking;
