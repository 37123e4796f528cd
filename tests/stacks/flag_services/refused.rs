//! A service that refuses: nothing is held, the step is named, and the flag is as it was.

use super::driving::{Drive, OFF_AND_ON};
use super::flagd::{First, flagd_file, flagd_with_ofrep};
use super::launchdarkly::{READER, SDK_KEY, launchdarkly};
use super::standing::Standing;
use super::unleash::{BACKEND, unleash};
use crate::binary::Trouble;
use crate::targets_rows::shelf::{Shelf, shelf};

/// The app would be found out, if only the flag could be turned.
fn refused(
    stand: impl FnOnce(&Shelf) -> Result<Standing, Trouble>,
    own: &str,
    reasons: &[&str],
) -> Result<(), Trouble> {
    let shelf = shelf(true);
    let standing = stand(&shelf)?;
    let drive = Drive {
        shelf,
        standing,
        feature: OFF_AND_ON,
        own,
        listens: true,
    };
    let driven = drive.run()?;
    driven.inconclusive(reasons)?;
    driven.put_back()
}

pub(crate) fn without_a_token_of_unleash() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(unleash(shelf, false)?.with("UNLEASH_ADMIN_TOKEN", "user:forgotten")),
        "",
        &[
            "cannot read the feature `audio-video-switch`",
            "GET /api/admin/projects/",
            "401",
        ],
    )
}

pub(crate) fn with_a_backend_token_of_unleash() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(unleash(shelf, false)?.with("UNLEASH_ADMIN_TOKEN", BACKEND)),
        "",
        &["cannot read the feature `audio-video-switch`", "403"],
    )
}

pub(crate) fn with_an_sdk_key_of_launchdarkly() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(launchdarkly(shelf, false)?.with("LAUNCHDARKLY_API_TOKEN", SDK_KEY)),
        "",
        &[
            "cannot read the feature `audio-video-switch`",
            "GET /api/v2/flags/",
            "401",
        ],
    )
}

/// It may be read, and not be turned.
pub(crate) fn with_a_reader_of_launchdarkly() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(launchdarkly(shelf, false)?.with("LAUNCHDARKLY_API_TOKEN", READER)),
        "",
        &[
            "cannot turn the feature `audio-video-switch` off",
            "PATCH /api/v2/flags/",
            "403",
        ],
    )
}

pub(crate) fn without_the_flag_in_the_flagd_file() -> Result<(), Trouble> {
    refused(
        |shelf| flagd_file(shelf, First::enabled(false)),
        "[flag.names]\naudio-video-switch = \"audio-video-swich\"\n",
        &[
            "cannot read the feature `audio-video-switch`",
            "$.flags['audio-video-swich'].state",
        ],
    )
}

pub(crate) fn without_the_flagd_file() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(flagd_file(shelf, First::enabled(false))?.with("FLAGD_FILE", "nowhere.json")),
        "",
        &[
            "cannot read the feature `audio-video-switch`",
            "the file cannot be read",
        ],
    )
}

pub(crate) fn without_a_token_for_ofrep() -> Result<(), Trouble> {
    refused(
        |shelf| Ok(flagd_with_ofrep(shelf, First::enabled(false), true)?.with("OFREP_TOKEN", "forgotten")),
        "[flag.settled]\nwithin = \"1s\"\n",
        &[
            "cannot turn the feature `audio-video-switch` off",
            "POST /ofrep/v1/evaluate/flags/",
            "401",
        ],
    )
}
