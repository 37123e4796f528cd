//! A change that never reaches the app: nothing is held, the step that was waited for is named, and the flag is put back in the service.

use super::driving::{Drive, ON_AND_OFF};
use super::flagd::{First, flagd_file, flagd_with_ofrep};
use super::launchdarkly::launchdarkly;
use super::standing::Standing;
use super::unleash::unleash;
use crate::binary::Trouble;
use crate::targets_rows::shelf::{Shelf, shelf};

/// The app goes on with what it heard in the beginning, and so would be held.
fn unsettled(stand: impl FnOnce(&Shelf) -> Result<Standing, Trouble>, request: &str) -> Result<(), Trouble> {
    let shelf = shelf(true);
    let standing = stand(&shelf)?;
    let drive = Drive {
        shelf,
        standing,
        feature: ON_AND_OFF,
        own: "[flag.settled]\nwithin = \"1s\"\n",
        listens: false,
    };
    let driven = drive.run()?;
    driven.inconclusive(&[
        "cannot turn the feature `audio-video-switch` on: waited 1s for",
        request,
    ])?;
    driven.put_back()
}

const DEBUG: &str = "`GET /debug/flags/{{ flag }}`";

pub(crate) fn by_unleash() -> Result<(), Trouble> {
    unsettled(|shelf| unleash(shelf, false), DEBUG)
}

pub(crate) fn by_launchdarkly() -> Result<(), Trouble> {
    unsettled(|shelf| launchdarkly(shelf, false), DEBUG)
}

pub(crate) fn by_a_flagd_file() -> Result<(), Trouble> {
    unsettled(|shelf| flagd_file(shelf, First::enabled(false)), DEBUG)
}

/// Here it is flagd that does not notice that the file has changed.
pub(crate) fn by_a_flagd_file_with_ofrep() -> Result<(), Trouble> {
    unsettled(
        |shelf| flagd_with_ofrep(shelf, First::enabled(false), false),
        "`POST /ofrep/v1/evaluate/flags/{{ flag | path }}`",
    )
}
