//! An app that keeps people apart is held, whether the flag is on or off; the app is waited for, and the flag is put back.

use super::driving::{Drive, Driven, OFF_AND_ON, ON_AND_OFF};
use super::flagd::{First, flagd_file, flagd_with_ofrep};
use super::launchdarkly::launchdarkly;
use super::standing::{Standing, Told};
use super::unleash::unleash;
use crate::binary::Trouble;
use crate::targets_rows::shelf::{Shelf, shelf};

/// Once from off, ending on; and once from on, ending off.
fn both(stand: fn(&Shelf, bool) -> Result<Standing, Trouble>) -> Result<[Driven; 2], Trouble> {
    let drive = |before, feature| {
        let shelf = shelf(false);
        let standing = stand(&shelf, before)?;
        let drive = Drive {
            shelf,
            standing,
            feature,
            own: "",
            listens: true,
        };
        let driven = drive.run()?;
        driven.held()?;
        driven.waited_for_the_app(before)?;
        driven.put_back()?;
        Ok::<_, Trouble>(driven)
    };
    Ok([drive(false, OFF_AND_ON)?, drive(true, ON_AND_OFF)?])
}

/// The app was asked what it believes more often than something changed: it was behind, and was asked again.
fn asked_again(driven: &Driven) -> Result<(), Trouble> {
    let count = |wanted: fn(&Told) -> bool| driven.told.iter().filter(|told| wanted(told)).count();
    let (shown, set) = (
        count(|told| matches!(told, Told::Shown(_))),
        count(|told| matches!(told, Told::Set(_))),
    );
    driven.ensure(set >= 2, "the flag was not turned")?;
    driven.ensure(shown > set, "the app was never behind")
}

pub(crate) fn by_unleash() -> Result<(), Trouble> {
    both(unleash)?.iter().try_for_each(asked_again)
}

pub(crate) fn by_launchdarkly() -> Result<(), Trouble> {
    both(launchdarkly)?.iter().try_for_each(asked_again)
}

pub(crate) fn by_a_flagd_file() -> Result<(), Trouble> {
    both(|shelf, before| flagd_file(shelf, First::enabled(before)))?
        .iter()
        .try_for_each(asked_again)
}

/// flagd is asked and the app is not: it is waited for by time.
pub(crate) fn by_a_flagd_file_with_ofrep() -> Result<(), Trouble> {
    for driven in both(|shelf, before| flagd_with_ofrep(shelf, First::enabled(before), true))? {
        let shown = driven.told.iter().any(|told| matches!(told, Told::Shown(_)));
        driven.ensure(!shown, "the app was asked, and not the service")?;
    }
    Ok(())
}

/// A flag that was disabled, with a default that nobody saw, is so again.
pub(crate) fn with_a_flag_that_was_disabled() -> Result<(), Trouble> {
    let shelf = shelf(false);
    let first = First {
        state: "DISABLED",
        variant: "on",
    };
    let standing = flagd_file(&shelf, first)?;
    let drive = Drive {
        shelf,
        standing,
        feature: OFF_AND_ON,
        own: "",
        listens: true,
    };
    let driven = drive.run()?;
    driven.held()?;
    driven.put_back()
}
