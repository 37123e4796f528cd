//! The rewriting of `cross-tenant`.

use super::{RewriteInput, RewritePlace, RewriteResult, Rewriting, TwinComparison};

pub(super) const REWRITING: Rewriting = Rewriting {
    twin: TwinComparison::Plain,
    at: RewritePlace::Fetch,
    of_other_tenants: true,
    how: write,
};

fn write(draft: RewriteInput<'_>) -> RewriteResult {
    let (mut request, address) = draft.elsewhere()?;
    let moved = request.url.set_scheme(address.scheme()).is_ok()
        && request.url.set_host(address.host_str()).is_ok()
        && request.url.set_port(address.port()).is_ok();
    if moved {
        Ok(request)
    } else {
        Err("its address cannot be moved there")
    }
}
