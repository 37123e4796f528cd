//! The weaknesses (CWE) that a finding is an instance of.

use super::finding::{Finding, FindingKind};
use crate::ledger::{Extent, Facet};
use crate::technique::{IN_PASSING, LIST_OWN, MASS_ASSIGNMENT, OBJECT_REFERENCE_IN_WRITE, Technique};

/// Techniques that name their own weakness for a change; a change by any other is one of a missing check.
const WRITES: [Technique; 2] = [MASS_ASSIGNMENT, OBJECT_REFERENCE_IN_WRITE];

/// Numbers of the Common Weakness Enumeration, the most fitting first.
pub(super) fn cwe(finding: &Finding) -> Vec<u32> {
    let mut numbers = match (finding.kind, Technique::named(&finding.technique)) {
        // 204: observable response discrepancy; 203: observable discrepancy.
        (FindingKind::Existence, _) => vec![204, 203],
        // A count is a discrepancy too, and it tells of other people's rows.
        (FindingKind::Total, _) => vec![203, 200],
        (FindingKind::Changed, Some(technique)) if WRITES.contains(technique) => technique.cwe.to_vec(),
        (FindingKind::Changed | FindingKind::Acted, _) => vec![639, 285],
        (_, Some(technique)) if !technique.cwe.is_empty() => technique.cwe.to_vec(),
        (FindingKind::Listed | FindingKind::Stranger, _) => vec![639, 200, 359],
        (FindingKind::Seen, _) if is_list_or_in_passing(&finding.technique) => vec![639, 200, 359],
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

fn is_list_or_in_passing(technique: &str) -> bool {
    technique == LIST_OWN.name || technique == IN_PASSING
}
