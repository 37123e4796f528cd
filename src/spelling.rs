//! Old spellings: names that Bystander used before, and what replaced each. An error about an unknown name looks here first, so that a
//! profile or a command line from before gets the new name.

/// What kind of name it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// A flag of the command line, with its dashes.
    Flag,
    /// A key of a target profile.
    ProfileKey,
    /// A technique, as exceptions of a profile name it.
    Technique,
}

use NameKind::{Flag, ProfileKey, Technique};

/// Every old spelling with the new one.
const OLD_SPELLINGS: &[(NameKind, &str, &str)] = &[
    (Flag, "--everybody", "--all-personas"),
    (Flag, "--side-by-side", "--jobs"),
    (Flag, "--stacks", "--max-stacks"),
    (Flag, "--to-the-end", "--no-early-stop"),
    (ProfileKey, "like", "extends"),
    (Technique, "look", "list-own"),
    (Technique, "open-what-is-listed", "open-listed-item"),
    (Technique, "keep-listening", "stale-subscription"),
    (Technique, "keep-using-a-link", "stale-link"),
    (Technique, "swap-id", "bola"),
    (Technique, "ask-for-a-range", "range-request"),
    (Technique, "ask-for-head", "head-request"),
    (Technique, "use-anothers-link", "leaked-link"),
    (Technique, "use-expired-link", "expired-link"),
    (Technique, "swap-id-in-own-link", "signed-link-tampering"),
    (Technique, "go-behind-the-app", "direct-storage-access"),
    (Technique, "without-signing-in", "anonymous"),
    (Technique, "with-wrong-credentials", "invalid-credentials"),
    (Technique, "old-session", "session-after-logout"),
    (Technique, "change-anothers", "bola-write"),
    (Technique, "act-for-another", "bola-action"),
    (Technique, "open-what-was-found", "discovered-address"),
    (Technique, "name-anothers-beside-ones-own", "extra-id-parameter"),
    (Technique, "ask-at-the-owners-address", "cross-tenant"),
    (Technique, "say-to-be-at-the-owners-address", "x-forwarded-host"),
    (Technique, "say-to-be-the-owner", "identity-header-spoofing"),
    (Technique, "name-another-address-in-a-header", "x-original-url"),
    (Technique, "say-to-come-from-within", "x-forwarded-for"),
    (Technique, "encode-the-path", "path-encoding"),
    (Technique, "encode-the-path-twice", "path-double-encoding"),
    (Technique, "double-the-slash", "path-double-slash"),
    (Technique, "change-the-case", "path-case"),
    (Technique, "add-a-slash", "path-trailing-slash"),
    (Technique, "add-a-suffix", "path-suffix"),
    (Technique, "disguise-as-a-style-sheet", "web-cache-deception"),
    (Technique, "name-it-twice", "parameter-pollution"),
    (Technique, "ask-whether-it-changed", "conditional-request"),
    (Technique, "go-on-with-anothers-version", "if-range"),
    (Technique, "cut-the-token-short", "truncated-token"),
    (Technique, "leave-the-signature-out", "jwt-alg-none"),
    (Technique, "name-another-in-the-token", "jwt-subject-swap"),
    (Technique, "refresh", "reload"),
    (Technique, "use-two-devices", "two-devices"),
    (Technique, "sign-out-and-in", "re-login"),
    (Technique, "search-for-a-star", "wildcard-star"),
    (Technique, "search-for-a-percent-sign", "wildcard-percent"),
    (Technique, "leave-the-filter-empty", "empty-filter"),
    (Technique, "go-on-with-anothers-cursor", "cursor-swap"),
    (Technique, "ask-for-anothers-list", "list-owner-parameter"),
    (Technique, "claim-it-in-the-change", "mass-assignment"),
    (
        Technique,
        "name-anothers-in-ones-own-change",
        "object-reference-in-write",
    ),
    (Technique, "override-the-method", "method-override"),
];

/// What an old name is called now.
#[must_use]
pub fn new_name(kind: NameKind, old: &str) -> Option<&'static str> {
    let found = OLD_SPELLINGS
        .iter()
        .find(|(known, name, _)| *known == kind && *name == old);
    found.map(|(_, _, new)| *new)
}

/// The name under which a technique was first known: its own, unless it was renamed.
#[must_use]
pub fn first_name(technique: &str) -> &str {
    let found = OLD_SPELLINGS
        .iter()
        .find(|(kind, _, new)| *kind == Technique && *new == technique);
    found.map_or(technique, |(_, old, _)| *old)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_technique_leads_to_one_that_exists_and_is_none_itself() {
        let techniques = OLD_SPELLINGS.iter().filter(|(kind, _, _)| *kind == Technique);
        for (_, old, new) in techniques {
            assert!(crate::technique::Technique::named(new).is_some(), "{new}");
            assert!(crate::technique::Technique::named(old).is_none(), "{old}");
        }
    }
}
