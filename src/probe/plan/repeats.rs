//! While replicas differ, which of them answers is chance: whoever asks once may have met the one that is right.

use super::PlannedProbe;

/// Everything as many times as that, one round after the other. From one round to the next it is begun one further on: where replicas take
/// turns, each request would otherwise meet the same one again.
#[must_use]
pub fn several_times(planned: Vec<PlannedProbe>, times: u8) -> Vec<PlannedProbe> {
    let rounds = (0..usize::from(times.max(1))).map(|round| {
        let mut again = planned.clone();
        let by = round % again.len().max(1);
        again.rotate_left(by);
        again
    });
    rounds.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe::probe_request::Variant;
    use crate::technique::BOLA;

    #[test]
    fn each_is_asked_as_often_as_is_said_and_not_always_by_the_same_turn() {
        let planned: Vec<PlannedProbe> = (0..4)
            .map(|number| PlannedProbe {
                who: "Ben".to_owned(),
                technique: BOLA,
                surface: "item".to_owned(),
                variant: Variant::Whole,
                recording: Some(number),
            })
            .collect();
        let again = several_times(planned.clone(), 4);
        assert_eq!(again.len(), 16);
        for one in &planned {
            let turns = again.iter().enumerate().filter(|(_, other)| *other == one);
            let turns: Vec<usize> = turns.map(|(turn, _)| turn % 2).collect();
            assert_eq!(turns.len(), 4);
            assert!(
                turns.contains(&0) && turns.contains(&1),
                "of two replicas that take turns it meets both: {turns:?}"
            );
        }
        assert_eq!(several_times(planned.clone(), 1), planned);
        assert_eq!(several_times(Vec::new(), 4), []);
    }
}
