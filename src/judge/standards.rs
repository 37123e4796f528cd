//! The weaknesses (CWE) that a finding is an instance of.

use super::finding::{Finding, Kind};
use crate::ledger::{Extent, Facet};

/// Numbers of the Common Weakness Enumeration, the most fitting first.
pub(super) fn cwe(finding: &Finding) -> Vec<u32> {
    let mut numbers = match (finding.kind, finding.technique.as_str()) {
        // 204: observable response discrepancy; 203: observable discrepancy.
        (Kind::Existence, _) => vec![204, 203],
        // A count is a discrepancy too, and it tells of other people's rows.
        (Kind::Total, _) => vec![203, 200],
        // 915: improperly controlled modification of dynamically-determined object attributes.
        (Kind::Changed, "claim-it-in-the-change" | "name-anothers-in-ones-own-change") => vec![915, 639],
        (Kind::Changed | Kind::Acted, _) => vec![639, 285],
        (_, "without-signing-in") => vec![862],
        // 287: improper authentication; 672: operation on a resource after expiration.
        (_, "with-wrong-credentials") => vec![287, 862],
        (_, "use-expired-link") => vec![672, 613],
        (_, "keep-using-a-link" | "old-session") => vec![613],
        (_, "use-anothers-link") => vec![598, 639],
        // 668: exposure of resource to wrong sphere; 732: incorrect permission assignment for critical resource.
        (_, "go-behind-the-app") => vec![668, 732],
        (_, "swap-id-in-own-link") => vec![639, 863],
        // 290: authentication bypass by spoofing; 348: use of a less trusted source.
        (_, "say-to-be-the-owner") => vec![290, 639],
        (_, "say-to-come-from-within") => vec![348, 290],
        // 347: improper verification of a cryptographic signature.
        (_, "leave-the-signature-out" | "name-another-in-the-token") => vec![347, 290],
        // 755: improper handling of exceptional conditions.
        (_, "cut-the-token-short") => vec![755, 287],
        // 235: improper handling of extra parameters.
        (_, "name-it-twice" | "name-anothers-beside-ones-own") => vec![235, 639],
        // 943: improper neutralization of special elements in data query logic.
        (_, "search-for-a-star" | "search-for-a-percent-sign") => vec![943, 639],
        (_, "refresh") => vec![524, 488],
        // 488: exposure of data element to wrong session.
        (_, "use-two-devices" | "sign-out-and-in") => vec![488, 639],
        // 650: trusting HTTP permission methods on the server side.
        (_, "override-the-method") => vec![650, 862],
        // 524: use of a cache containing sensitive information; 436: interpretation conflict.
        (_, "disguise-as-a-style-sheet") => vec![524, 436],
        // 647: use of non-canonical URL paths for authorization decisions.
        (
            _,
            "encode-the-path"
            | "encode-the-path-twice"
            | "double-the-slash"
            | "change-the-case"
            | "add-a-slash"
            | "add-a-suffix"
            | "name-another-address-in-a-header",
        ) => vec![647, 436],
        (Kind::Listed | Kind::Stranger, _) => vec![639, 200, 359],
        (Kind::Seen, "look" | super::techniques::IN_PASSING) => vec![639, 200, 359],
        (Kind::Seen, _) => vec![639, 285],
    };
    if finding.evidence.status >= 400 && finding.kind == Kind::Seen {
        numbers.push(209);
    }
    let by_name = finding.extent <= Extent::Metadata && finding.facets.contains(&Facet::FileName);
    if by_name || finding.facets == [Facet::Thumbnail] {
        numbers.push(1230);
    }
    numbers
}
