//! What was not tried, for reasons that make nothing inconclusive: told by technique and reason.

use super::judgement::LeftOut;

#[derive(Debug, Default)]
pub(super) struct UntriedActions(Vec<LeftOut>);

impl UntriedActions {
    pub(super) fn add(&mut self, one: &crate::ledger::LeftOut) {
        let same = |known: &&mut LeftOut| known.technique == one.technique && known.why == one.why;
        match self.0.iter_mut().find(same) {
            Some(known) => {
                known.count += 1;
                if !known.surfaces.contains(&one.surface) {
                    known.surfaces.push(one.surface.clone());
                }
            }
            None => self.0.push(LeftOut {
                technique: one.technique.clone(),
                surfaces: vec![one.surface.clone()],
                why: one.why.clone(),
                count: 1,
            }),
        }
    }

    pub(super) fn into_report(self) -> Vec<LeftOut> {
        self.0
    }
}
