//! Asking for one's own, with another's address in `X-Original-URL`.
//!
//! Some frameworks take the path from `X-Original-URL` or `X-Rewrite-URL` when it is there (CVE-2018-14773): the proxy in front
//! allows what stands in the first line, and the application serves what stands in the header.

use super::{RequestShape, Technique};
use crate::ledger::Temperament;

/// Asking for one's own, with another's address in `X-Original-URL`.
pub const X_ORIGINAL_URL: Technique = Technique {
    name: "x-original-url",
    temperament: Temperament::Hostile,
    about: "asks for their own recording, and names the address of somebody else's in a header that proxies use",
    phrase: "naming the address of somebody else's recording in a header",
    shape: RequestShape::Rewritten,
    // 647: use of non-canonical URL paths for authorization decisions; 436: interpretation conflict
    cwe: &[647, 436],
    needs_session: true,
};
