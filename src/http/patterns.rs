//! Regular expressions of a profile, which are used on answer after answer: each is read once.

use regex::Regex;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

/// So many are kept at most; then all are forgotten. Those with a template in them are others for each recording.
const MOST: usize = 256;

/// The regular expression that a text is.
///
/// # Errors
/// When it is none.
pub(crate) fn read(pattern: &str) -> Result<Regex, regex::Error> {
    static KNOWN: LazyLock<Mutex<HashMap<String, Regex>>> = LazyLock::new(Mutex::default);
    let known = || KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known().get(pattern) {
        return Ok(regex.clone());
    }
    let regex = Regex::new(pattern)?;
    let mut known = known();
    if known.len() >= MOST {
        known.clear();
    }
    known.insert(pattern.to_owned(), regex.clone());
    Ok(regex)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn however_many_there_are_each_is_what_it_says() -> Result<(), regex::Error> {
        for number in (0..2 * MOST).chain(0..10) {
            let regex = read(&format!("^{number}$"))?;
            assert!(regex.is_match(&number.to_string()) && !regex.is_match(&format!("{number}0")));
        }
        assert!(read("(").is_err());
        Ok(())
    }
}
