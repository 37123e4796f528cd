//! What the profile makes no use of: said, so that nobody takes it for tested.

use super::ProfileGuess;

/// How many are named one by one.
const MOST: usize = 40;

impl ProfileGuess<'_> {
    /// A list of what was left out, at the end.
    pub(crate) fn write_left_out(&mut self) {
        let left: Vec<String> = self
            .contract
            .operations
            .iter()
            .enumerate()
            .filter(|(index, operation)| !self.used.contains(index) && operation.method != "HEAD")
            .map(|(_, operation)| operation.line())
            .collect();
        if left.is_empty() {
            return;
        }
        self.paper.heading("left out");
        self.paper.comment(
            "No use is made of these. One through which recordings get out wants a `[surface.…]` of its own.",
        );
        for line in left.iter().take(MOST) {
            self.paper.comment(&format!("  {line}"));
        }
        if left.len() > MOST {
            self.paper.comment(&format!("  … and {} more", left.len() - MOST));
        }
    }
}
