//! An app that opens everybody's items while the flag is on is found out, in that state and no other; the flag is put back although
//! the scenario stopped there.

use super::driving::{Drive, OFF_AND_ON};
use super::flagd::{First, flagd_file, flagd_with_ofrep};
use super::launchdarkly::launchdarkly;
use super::standing::Standing;
use super::unleash::unleash;
use crate::binary::Trouble;
use crate::targets_rows::shelf::{Shelf, shelf};

fn found(stand: fn(&Shelf, bool) -> Result<Standing, Trouble>) -> Result<(), Trouble> {
    let shelf = shelf(true);
    let standing = stand(&shelf, false)?;
    let drive = Drive {
        shelf,
        standing,
        feature: OFF_AND_ON,
        own: "",
        listens: true,
    };
    let driven = drive.run()?;
    driven.leaked_while_on()?;
    driven.waited_for_the_app(false)?;
    driven.put_back()
}

pub(crate) fn by_unleash() -> Result<(), Trouble> {
    found(unleash)
}

pub(crate) fn by_launchdarkly() -> Result<(), Trouble> {
    found(launchdarkly)
}

pub(crate) fn by_a_flagd_file() -> Result<(), Trouble> {
    found(|shelf, before| flagd_file(shelf, First::enabled(before)))
}

pub(crate) fn by_a_flagd_file_with_ofrep() -> Result<(), Trouble> {
    found(|shelf, before| flagd_with_ofrep(shelf, First::enabled(before), true))
}
