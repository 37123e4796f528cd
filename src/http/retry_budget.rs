//! What a stack that asks to wait is given: as long as it says, but not for ever.

use super::message::Reply;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long is waited when the stack does not say, the first time; each further time it is twice as long.
const FIRST: Duration = Duration::from_secs(1);
/// The least that is waited, whatever the stack says: one that says "0 s" for ever would be asked for ever.
const LEAST: Duration = Duration::from_millis(100);

/// The patience with one request.
#[derive(Debug)]
pub struct RetryBudget {
    left: Duration,
    asked: u32,
}

impl RetryBudget {
    /// For so long in total.
    #[must_use]
    pub fn new(total: Duration) -> Self {
        Self {
            left: total,
            asked: 0,
        }
    }

    /// How long to wait after this answer, which asked to; nothing if that would be more than is left.
    pub fn after(&mut self, reply: &Reply) -> Option<Duration> {
        let doubled = |first: Duration| first.saturating_mul(2_u32.saturating_pow(self.asked.min(16)));
        let wait = match retry_after(reply, Timestamp::now()) {
            Some(said) => said.max(doubled(LEAST)),
            None => doubled(FIRST),
        };
        self.asked += 1;
        self.left = self.left.checked_sub(wait)?;
        Some(wait)
    }
}

/// What `Retry-After` says (RFC 9110, section 10.2.3): seconds, or a date by the stack's own clock.
fn retry_after(reply: &Reply, now: Timestamp) -> Option<Duration> {
    let said = reply.header("retry-after")?.trim();
    if let Ok(seconds) = said.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text: &str| rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok();
    let until = date(said)?;
    let from = reply.header("date").and_then(date).unwrap_or(now);
    // a date that is over asks for no wait
    Some(Duration::try_from(until.duration_since(from)).unwrap_or_default())
}

/// The requests with which patience has come to an end: the next of the same kind is not waited for as long again.
#[derive(Debug, Default)]
pub(super) struct SpentRetries(Mutex<BTreeSet<(String, String)>>);

impl SpentRetries {
    /// Whether it has.
    pub(super) fn is(&self, method: &str, template: &str) -> bool {
        let requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        requests.contains(&(method.to_owned(), template.to_owned()))
    }

    /// It has, or a request of the kind was answered.
    pub(super) fn set(&self, method: &str, template: &str, exhausted: bool) {
        let mut requests = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let request = (method.to_owned(), template.to_owned());
        if exhausted {
            requests.insert(request);
        } else if !requests.is_empty() {
            requests.remove(&request);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use crate::ledger::Delivery;
    use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};

    fn reply(after: Option<&'static str>, date: Option<&'static str>) -> Reply {
        let mut headers = HeaderMap::new();
        after.map(|after| headers.insert(RETRY_AFTER, HeaderValue::from_static(after)));
        date.map(|date| headers.insert(DATE, HeaderValue::from_static(date)));
        Reply {
            status: 429,
            headers,
            ..Reply::none(Delivery::Whole)
        }
    }

    fn waits(replies: &[Reply], total: u64) -> Vec<Option<u128>> {
        let mut patience = RetryBudget::new(Duration::from_secs(total));
        let waits = replies
            .iter()
            .map(|reply| patience.after(reply).map(|wait| wait.as_millis()));
        waits.collect()
    }

    #[test]
    fn seconds_are_waited_until_the_total_is_reached() {
        let replies = [
            reply(Some("20"), None),
            reply(Some("10"), None),
            reply(Some("1"), None),
        ];
        assert_eq!(waits(&replies, 30), [Some(20_000), Some(10_000), None]);
        assert_eq!(waits(&[reply(Some("3600"), None)], 30), [None]);
    }

    #[test]
    fn a_stack_that_does_not_say_is_given_twice_as_long_each_time() {
        let replies = [
            reply(None, None),
            reply(None, None),
            reply(None, None),
            reply(Some("soon"), None),
        ];
        assert_eq!(waits(&replies, 10), [Some(1000), Some(2000), Some(4000), None]);
    }

    #[test]
    fn one_that_says_nought_for_ever_is_not_asked_for_ever() {
        let replies: Vec<_> = (0..40).map(|_| reply(Some("0"), None)).collect();
        let waited = waits(&replies, 30);
        assert_eq!(waited.first(), Some(&Some(100)));
        assert_eq!(waited.last(), Some(&None));
    }

    #[test]
    fn a_date_counts_by_the_stacks_own_clock() {
        let after = reply(
            Some("Sun, 06 Nov 1994 08:49:42 GMT"),
            Some("Sun, 06 Nov 1994 08:49:37 GMT"),
        );
        assert_eq!(waits(&[after], 30), [Some(5000)]);
        let now = "1994-11-06T08:49:40Z".parse().unwrap();
        let alone = reply(Some("Sun, 06 Nov 1994 08:49:42 GMT"), None);
        assert_eq!(retry_after(&alone, now), Some(Duration::from_secs(2)));
        assert_eq!(waits(&[alone], 30), [Some(100)], "it is over");
    }
}
