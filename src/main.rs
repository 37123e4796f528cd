//! The binary. All of it is in the library, which compiles it once for the binary and for the tests.

use std::process::ExitCode;

/// A run makes and drops many small things on several threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    bystander::cli::main()
}
