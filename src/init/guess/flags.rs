//! Feature flags: how they are set, read, and seen to have settled.

use super::super::contract::{ApiOperation, Shape, ShapeField, ValueType, is_parameter};
use super::super::profile_writer::{Note, quoted};
use super::ProfileGuess;
use super::fill::StepPurpose;
use super::words::{self, is, says};

impl ProfileGuess<'_> {
    /// The flags; asleep when nothing sets them.
    pub(crate) fn write_flags(&mut self) {
        let operations = &self.contract.operations;
        let find = |fits: &dyn Fn(&ApiOperation) -> bool| {
            operations
                .iter()
                .position(|operation| is_of_flag(operation) && fits(operation))
        };
        let set = find(&|one| {
            matches!(one.method.as_str(), "PUT" | "POST" | "PATCH") && place(one.fields()).is_some()
        });
        let read = set.and_then(|set| find(&|one| one.method == "GET" && one.path == operations[set].path));
        let seen = find(&|one| {
            one.method == "GET"
                && place(one.answered()).is_some()
                && set.is_none_or(|set| one.path != operations[set].path)
        });
        if set.is_none() && seen.is_none() {
            return;
        }
        self.paper.heading("features");
        let settled = seen.or(read).map(|index| self.settled(index));
        let Some(set) = set else {
            self.paper.note(&Note::fill_in(
                "`[flag]`: how a feature is turned on and off, or leave it; without it, scenarios with features do not apply",
            ));
            let mut asleep = vec![
                "[flag]".to_owned(),
                "set = [{ as = \"admin\", request = \"PUT /flags/{{ flag }}\", json = { enabled = \"{{ wanted }}\" } }]".to_owned(),
                "read = { as = \"admin\", request = \"GET /flags/{{ flag }}\", capture = { enabled = \"$.enabled\" } }".to_owned(),
            ];
            asleep.extend(settled.map(|settled| format!("settled = {settled}")));
            self.paper.asleep(&asleep);
            return;
        };
        let why = format!("`{}` takes what can be on or off", self.operation(set).line());
        self.paper.section("flag", &Note::guess(why));
        let step = self.step(set, StepPurpose::Setting);
        self.record_step(&step, "flag.set");
        self.paper.steps("set", &[step.text()], &Note::None);
        if let Some(index) = read
            && let Some(place) = place(self.operation(index).answered())
        {
            let step = self
                .step(index, StepPurpose::Setting)
                .capturing(&[("enabled", place)]);
            self.paper.line("read", &step.text(), &Note::None);
        }
        if let Some(settled) = settled {
            self.paper.line("settled", &settled, &Note::None);
        } else {
            let note = Note::guess("nothing shows that it has settled");
            self.paper.line("wait", &quoted("1s"), &note);
        }
    }

    fn settled(&mut self, index: usize) -> String {
        let place = place(self.operation(index).answered()).unwrap_or_else(|| "$.enabled".to_owned());
        let mut step = self.step(index, StepPurpose::Setting);
        step.entries.retain(|(name, _)| *name != "expect");
        let until = format!("json('{place}') == wanted");
        step.entries.push(("until", quoted(&until)));
        step.entries.push(("within", quoted("10s")));
        step.text()
    }
}

/// Whether its path ends with the name of a flag.
fn is_of_flag(operation: &ApiOperation) -> bool {
    let segments = operation.segments();
    let [.., before, last] = segments.as_slice() else {
        return false;
    };
    is_parameter(last) && (says(before, words::FLAG) || says(last, words::FLAG))
}

/// Where it says on or off.
fn place(fields: Option<&indexmap::IndexMap<String, ShapeField>>) -> Option<String> {
    let fields = fields?;
    let truth = |(_, field): &(&String, &ShapeField)| matches!(&field.shape, Shape::Leaf(leaf) if leaf.kind == ValueType::Truth);
    // by its name before by its type: an answer may say more that is true or not
    let named = fields.iter().find(|(name, _)| is(name, words::ENABLED));
    let (name, _) = named.or_else(|| fields.iter().find(truth))?;
    Some(super::super::contract::member("$", name))
}
