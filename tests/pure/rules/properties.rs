//! What no history can do: make a leak go away, or pass without proof.

use super::*;
use crate::histories::{acted, june_2020, kill_switch, sound, unclear as unclear_run};
use bystander::judge::{exit, judge};
use proptest::prelude::*;

fn stories() -> Vec<History> {
    vec![sound(), june_2020(), kill_switch(), acted(), unclear_run()]
}

fn story() -> impl Strategy<Value = History> {
    (0..stories().len()).prop_map(|index| stories().swap_remove(index))
}

fn exchanges(history: &History) -> Vec<usize> {
    let is_exchange = |(at, entry)| exchange_of(entry).map(|_| at);
    history
        .entries
        .iter()
        .enumerate()
        .filter_map(is_exchange)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn a_foreign_canary_never_makes_anything_better(history in story(), at in any::<prop::sample::Index>()) {
        let before = history.judge().verdict;
        let mut worse = history.clone();
        let places = exchanges(&worse);
        let place = places[at.index(places.len())];
        if let Entry::Exchange(exchange) = &mut worse.entries[place] {
            exchange.seen.extend(Sent::setup("Ben", "log in").saw_stranger().exchange.seen);
        }
        let after = worse.judge();
        prop_assert!(after.verdict >= before);
        prop_assert_eq!(after.verdict, LEAKED);
    }

    #[test]
    fn a_leak_added_anywhere_is_found(history in story(), at in any::<prop::sample::Index>()) {
        let mut worse = history.clone();
        let mut stray = History::default();
        stray.send(Sent::setup("Ben", "log in").saw_stranger());
        let place = at.index(worse.entries.len() + 1);
        worse.entries.insert(place, stray.entries.remove(0));
        prop_assert_eq!(worse.judge().verdict, LEAKED);
    }

    #[test]
    fn losing_entries_never_passes_what_did_not_pass(history in story(), keep in prop::collection::vec(any::<bool>(), 80)) {
        // Changes of rights and states aside: who is no longer known to have a right is no longer allowed to see.
        let whole = history.judge();
        let mut some = history.clone();
        let mut keep = keep.into_iter();
        some.entries.retain(|entry| {
            let kept = keep.next().unwrap_or(true);
            kept || !matches!(entry, Entry::Exchange(_) | Entry::Concluded(_) | Entry::Ended(_) | Entry::Finished(_))
        });
        let lost = some.entries.len() < history.entries.len();
        let after = some.judge();
        if lost && whole.verdict == HELD {
            // Only the control may go unmissed when the probe that names it went too; then a target is missing.
            prop_assert_ne!(after.verdict, HELD);
        }
        prop_assert!(whole.verdict == LEAKED || after.verdict != LEAKED);
    }

    #[test]
    fn a_probe_without_its_twin_never_holds(history in story()) {
        let alone = without(&history, |entry| exchange_of(entry).is_some_and(|e| is_twin(&e.part)));
        let judgement = alone.judge();
        prop_assert_ne!(judgement.verdict, HELD);
        prop_assert!(judgement.tallies.iter().all(|tally| tally.held == 0));
    }

    #[test]
    fn saying_it_twice_never_takes_a_leak_back(history in story(), at in any::<prop::sample::Index>(), later in any::<prop::sample::Index>()) {
        let before = history.judge();
        let mut twice = history.clone();
        let places = exchanges(&twice);
        let from = places[at.index(places.len())];
        let to = from + 1 + later.index(twice.entries.len() - from);
        twice.entries.insert(to, twice.entries[from].clone());
        let after = twice.judge();
        prop_assert!(after.verdict >= before.verdict);
        prop_assert_eq!(after.verdict == LEAKED, before.verdict == LEAKED);
    }

    #[test]
    fn no_order_of_entries_breaks_the_judge(history in story(), order in prop::collection::vec(any::<u16>(), 80)) {
        let mut entries: Vec<(u16, Entry)> = order.into_iter().cycle().zip(history.entries.clone()).collect();
        entries.sort_by_key(|(key, _)| *key);
        let judgement = judge(entries.into_iter().map(|(_, entry)| entry));
        let code = exit::code(&judgement, false);
        prop_assert!([exit::HELD, exit::LEAKED, exit::INCONCLUSIVE].contains(&code));
        if history.judge().verdict == LEAKED {
            // Rights may come late, a leak stays one.
            prop_assert_eq!(judgement.verdict, LEAKED);
        }
    }

    #[test]
    fn scenarios_side_by_side_are_judged_as_one_after_the_other(order in prop::collection::vec(any::<bool>(), 60)) {
        let history = june_2020();
        let of = |entry: &Entry| serde_json::to_value(entry).unwrap().get("scenario").and_then(serde_json::Value::as_u64);
        let (mut first, mut second): (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
        let mut mixed = Vec::new();
        for entry in &history.entries {
            match of(entry) {
                Some(1) => first.push(entry.clone()),
                Some(_) => second.push(entry.clone()),
                None if matches!(entry, Entry::Finished(_)) => {}
                None => mixed.push(entry.clone()),
            }
        }
        let (mut first, mut second) = (first.into_iter(), second.into_iter());
        for left in order {
            mixed.extend(if left { first.next() } else { second.next() });
        }
        mixed.extend(first);
        mixed.extend(second);
        mixed.extend(history.entries.last().cloned());
        prop_assert_eq!(judge(mixed), history.judge());
    }
}
