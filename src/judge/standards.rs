//! The weaknesses (CWE) that a finding is an instance of.

use super::finding::{Finding, FindingKind};
use crate::ledger::{Extent, Facet};

/// Numbers of the Common Weakness Enumeration, the most fitting first.
pub(super) fn cwe(finding: &Finding) -> Vec<u32> {
    let mut numbers = match (finding.kind, finding.technique.as_str()) {
        // 204: observable response discrepancy; 203: observable discrepancy.
        (FindingKind::Existence, _) => vec![204, 203],
        // A count is a discrepancy too, and it tells of other people's rows.
        (FindingKind::Total, _) => vec![203, 200],
        // 915: improperly controlled modification of dynamically-determined object attributes.
        (FindingKind::Changed, "mass-assignment" | "object-reference-in-write") => vec![915, 639],
        (FindingKind::Changed | FindingKind::Acted, _) => vec![639, 285],
        (_, "anonymous") => vec![862],
        // 287: improper authentication; 672: operation on a resource after expiration.
        (_, "invalid-credentials") => vec![287, 862],
        (_, "expired-link") => vec![672, 613],
        (_, "stale-link" | "session-after-logout") => vec![613],
        (_, "leaked-link") => vec![598, 639],
        // 668: exposure of resource to wrong sphere; 732: incorrect permission assignment for critical resource.
        (_, "direct-storage-access") => vec![668, 732],
        (_, "signed-link-tampering") => vec![639, 863],
        // 290: authentication bypass by spoofing; 348: use of a less trusted source.
        (_, "identity-header-spoofing") => vec![290, 639],
        (_, "x-forwarded-for") => vec![348, 290],
        // 347: improper verification of a cryptographic signature.
        (_, "jwt-alg-none" | "jwt-subject-swap") => vec![347, 290],
        // 755: improper handling of exceptional conditions.
        (_, "truncated-token") => vec![755, 287],
        // 235: improper handling of extra parameters.
        (_, "parameter-pollution" | "extra-id-parameter") => vec![235, 639],
        // 943: improper neutralization of special elements in data query logic.
        (_, "wildcard-star" | "wildcard-percent") => vec![943, 639],
        (_, "reload") => vec![524, 488],
        // 488: exposure of data element to wrong session.
        (_, "two-devices" | "re-login") => vec![488, 639],
        // 650: trusting HTTP permission methods on the server side.
        (_, "method-override") => vec![650, 862],
        // 524: use of a cache containing sensitive information; 436: interpretation conflict.
        (_, "web-cache-deception") => vec![524, 436],
        // 647: use of non-canonical URL paths for authorization decisions.
        (
            _,
            "path-encoding"
            | "path-double-encoding"
            | "path-double-slash"
            | "path-case"
            | "path-trailing-slash"
            | "path-suffix"
            | "x-original-url",
        ) => vec![647, 436],
        (FindingKind::Listed | FindingKind::Stranger, _) => vec![639, 200, 359],
        (FindingKind::Seen, "list-own" | super::techniques::IN_PASSING) => vec![639, 200, 359],
        (FindingKind::Seen, _) => vec![639, 285],
    };
    if finding.evidence.status >= 400 && finding.kind == FindingKind::Seen {
        numbers.push(209);
    }
    let by_name = finding.extent <= Extent::Metadata && finding.facets.contains(&Facet::FileName);
    if by_name || finding.facets == [Facet::Thumbnail] {
        numbers.push(1230);
    }
    numbers
}
