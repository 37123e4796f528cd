//! What each configuration of each server must come to.

/// One configuration.
pub(crate) struct Row {
    /// The directory in `fixtures/targets`.
    pub(crate) target: &'static str,
    /// What the test is called.
    pub(crate) name: &'static str,
    /// The mode that the server is started in.
    pub(crate) mode: &'static str,
    /// What the profile's change does, other than the harmless thing it does of itself.
    pub(crate) change: Option<&'static str>,
    /// The surfaces that leak, all of them; none: it must hold.
    pub(crate) leaks: &'static [&'static str],
    /// Whether somebody who is not signed in gets something too.
    pub(crate) to_nobody: bool,
}

const fn secure(target: &'static str) -> Row {
    Row {
        target,
        name: "secure",
        mode: "secure",
        change: None,
        leaks: &[],
        to_nobody: false,
    }
}

const fn started(
    target: &'static str,
    mode: &'static str,
    leaks: &'static [&'static str],
    to_nobody: bool,
) -> Row {
    Row {
        target,
        name: mode,
        mode,
        change: None,
        leaks,
        to_nobody,
    }
}

const fn changed(
    target: &'static str,
    change: &'static str,
    leaks: &'static [&'static str],
    to_nobody: bool,
) -> Row {
    Row {
        target,
        name: "changed_at_run_time",
        mode: "secure",
        change: Some(change),
        leaks,
        to_nobody,
    }
}

const KINTO: &[&str] = &["batch", "history", "item", "media", "replays", "search"];
const WIKI: &[&str] = &["attachments", "item", "media", "replays", "source"];
/// Everything that is opened by its address; the search is judged by another rule.
const WIKI_BY_ADDRESS: &[&str] = &["attachments", "item", "media", "source"];

/// All of them.
pub(crate) static TABLE: [Row; 16] = [
    secure("kinto"),
    started("kinto", "signed-in-read", KINTO, false),
    started("kinto", "everyone-reads", KINTO, true),
    changed("kinto", "system.Authenticated", KINTO, false),
    secure("orthanc"),
    started("orthanc", "patients-open", &["studies-of-a-patient"], false),
    started("orthanc", "instances-open", &["dicom-file", "thumbnail"], false),
    started("orthanc", "attachments-open", &["media"], false),
    changed("orthanc", "attachments", &["media"], false),
    secure("wiki"),
    started("wiki", "all-moderators", WIKI, false),
    started("wiki", "everyone-reads", WIKI_BY_ADDRESS, true),
    changed("wiki", "other_read", WIKI, true),
    secure("wagtail"),
    started("wagtail", "shared-library", &["item", "replays"], false),
    changed(
        "wagtail",
        "none",
        &["media", "signed-link", "signed-link-range"],
        true,
    ),
];
