//! Changes of the world: features, modality, sessions; and what people do between two of them.

use super::ScenarioContext;
use super::attempts::action_of;
use crate::ledger::{Change, Entry, Modality, Transition};
use crate::probe::{self, TwinPurpose};
use crate::steps::StepStopped;
use crate::toggle::{Consultation, DELETE, FlagAudience, ON_DEVICE_OF, SWITCH, ToggleError};
use std::sync::Arc;
use std::time::Duration;

impl ScenarioContext {
    pub(in crate::steps) async fn turn(&mut self, flag: &str, on: bool) -> Result<(), StepStopped> {
        let change = Change::Flag {
            flag: flag.to_owned(),
            on,
        };
        self.turn_as(flag, on, None, change).await
    }

    /// Turns a feature on or off for certain people.
    pub(in crate::steps) async fn turn_for_people(
        &mut self,
        flag: &str,
        on: bool,
        people: &[String],
    ) -> Result<(), StepStopped> {
        let mut some = Vec::new();
        for name in people {
            some.push(FlagAudience::Person(self.person(name).await?));
        }
        let change = Change::FlagForSome {
            flag: flag.to_owned(),
            on,
            people: people.to_vec(),
            tenants: Vec::new(),
        };
        self.turn_as(flag, on, Some(some), change).await
    }

    /// The same for the people of certain tenants.
    pub(in crate::steps) async fn turn_for_tenants(
        &mut self,
        flag: &str,
        on: bool,
        tenants: &[String],
    ) -> Result<(), StepStopped> {
        let some = tenants.iter().cloned().map(FlagAudience::Tenant).collect();
        let change = Change::FlagForSome {
            flag: flag.to_owned(),
            on,
            people: Vec::new(),
            tenants: tenants.to_vec(),
        };
        self.turn_as(flag, on, Some(some), change).await
    }

    /// Sets a flag, for everybody or for some.
    async fn turn_as(
        &mut self,
        flag: &str,
        on: bool,
        some: Option<Vec<FlagAudience>>,
        change: Change,
    ) -> Result<(), StepStopped> {
        if !self.stack_guard.is_exclusive() {
            return Err(StepStopped::Written(format!(
                "the feature `{flag}` cannot be changed while others use the stack: this is a bug in Bystander, the scenario should have had the stack to itself"
            )));
        }
        if let Some(first) = self.recordings.first() {
            probe::baseline(&self.scene(), self.baseline()).await;
            if !on {
                // what is turned off is open somewhere
                probe::keep_listening(&self.scene(), &first.owner).await;
            }
        }
        let witness = Arc::clone(&self.client);
        let site = witness.site();
        let set = match &some {
            None => self.flags.set(site, &*witness, flag, on).await,
            Some(some) => self.flags.set_for(site, &*witness, flag, on, some).await,
        };
        match set {
            Ok(waited) => {
                self.changed(change, Some(waited));
                Ok(())
            }
            Err(error) => {
                let unsettled = matches!(&error, ToggleError::Step(step) if step.is_unsettled());
                if unsettled {
                    self.changed(change, None);
                }
                Err(error.into())
            }
        }
    }

    /// What is asked before a change: all that a later step compares with, if there is such a step.
    fn baseline(&self) -> TwinPurpose {
        let line = self.client.moment().line as usize;
        let is_later = |closing: &usize| *closing > line;
        match self.closing.iter().any(is_later) {
            true => TwinPurpose::Compared,
            false => TwinPurpose::Used,
        }
    }

    pub(in crate::steps) async fn switch(&mut self, who: &str, to: Modality) -> Result<(), StepStopped> {
        let running = self.running(who)?;
        let witness = Arc::clone(&self.client);
        let before = self.consultation(running)?.clone();
        let from = before.modality;
        let attempts = self.try_to_act(&before, SWITCH, to).await;
        let consultation = self.consultation(running)?;
        let switched = consultation.switch(witness.site(), &*witness, to).await;
        consultation.modality = to;
        self.done(attempts, &action_of(SWITCH), switched)?;
        self.changed(
            Change::Modality {
                who: who.to_owned(),
                from,
                to,
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    /// Makes a change that the profile declares, or undoes it.
    pub(in crate::steps) async fn change(&mut self, name: &str, make: bool) -> Result<(), StepStopped> {
        if !self.stack_guard.is_exclusive() {
            return Err(StepStopped::Written(format!(
                "the change `{name}` cannot be made while others use the stack: this is a bug in Bystander, the scenario should have had the stack to itself"
            )));
        }
        if !self.recordings.is_empty() {
            probe::baseline(&self.scene(), self.baseline()).await;
        }
        let witness = Arc::clone(&self.client);
        let (site, recordings) = (witness.site(), &self.recordings);
        let done = if make {
            self.made.make(site, &*witness, name, recordings).await
        } else {
            self.made.undo(site, &*witness, name, recordings).await
        };
        let change = Change::Setting {
            name: name.to_owned(),
            made: make,
        };
        match done {
            Ok(waited) => {
                self.changed(change, Some(waited));
                Ok(())
            }
            Err(error) => {
                if matches!(&error, ToggleError::Step(step) if step.is_unsettled()) {
                    self.changed(change, None);
                }
                Err(error.into())
            }
        }
    }

    /// Does something that the profile has a name for, in the person's latest consultation if there is one.
    pub(in crate::steps) async fn act(&mut self, who: &str, action: &str) -> Result<(), StepStopped> {
        if action == DELETE {
            return self.delete(who).await;
        }
        let persona = self.known(who)?;
        let witness = Arc::clone(&self.client);
        let latest = self.consultations.iter().rposition(|one| one.patient.name == who);
        let alone = Consultation::none(&persona);
        let mut acting = latest
            .and_then(|index| self.consultations.get(index))
            .unwrap_or(&alone)
            .clone();
        let modality = acting.modality;
        let attempts = self.try_to_act(&acting, action, modality).await;
        let acted = acting.act(witness.site(), &*witness, action, modality).await;
        if let Some(known) = latest.and_then(|index| self.consultations.get_mut(index)) {
            *known = acting;
        }
        self.done(attempts, &action_of(action), acted)?;
        self.changed(
            Change::Action {
                who: who.to_owned(),
                action: action.to_owned(),
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    /// Signs somebody out; what their requests carried is kept, since others may try it.
    pub(in crate::steps) async fn sign_out(&mut self, who: &str) -> Result<(), StepStopped> {
        let persona = self.known(who)?;
        if self.recordings.iter().any(|one| one.owner.name == who) {
            probe::baseline(&self.scene(), self.baseline()).await;
            probe::keep_listening(&self.scene(), &persona).await;
        }
        let old = probe::OldSessions {
            role: persona.role.clone(),
            keys: persona.sign_out(self.client.site(), &*self.client).await?,
        };
        self.old_sessions.insert(who.to_owned(), Arc::new(old));
        self.changed(
            Change::Session {
                who: who.to_owned(),
                what: "signed out".to_owned(),
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    pub(in crate::steps) async fn sign_in(&mut self, who: &str) -> Result<(), StepStopped> {
        let known = self.cast.find(who).is_some();
        let persona = self.person(who).await?;
        persona.sign_in(self.client.site(), &*self.client, None).await?;
        if known {
            self.changed(
                Change::Session {
                    who: who.to_owned(),
                    what: "signed in again".to_owned(),
                },
                Some(Duration::ZERO),
            );
        }
        Ok(())
    }

    /// Signs somebody in on a device that somebody else has signed out of.
    pub(in crate::steps) async fn sign_in_on_device(
        &mut self,
        who: &str,
        of: &str,
    ) -> Result<(), StepStopped> {
        let other = self.known(of)?;
        if other.is_signed_in().await {
            return Err(StepStopped::Written(format!(
                "{of} is still signed in, and cannot hand the device on\nhint: say `When {of} signs out` first"
            )));
        }
        let persona = self.person(who).await?;
        let (site, witness) = (self.client.site(), &*self.client);
        if who == of || !persona.sign_in_on_device_of(&other, site, witness).await? {
            return Err(StepStopped::Written(format!(
                "{of} has used no device that {who} could sign in on\nhint: a device is what keeps cookies; say first that {of} looks at their replays"
            )));
        }
        self.changed(
            Change::Session {
                who: who.to_owned(),
                what: format!("{ON_DEVICE_OF} {of}'s device"),
            },
            Some(Duration::ZERO),
        );
        Ok(())
    }

    pub(in crate::steps) async fn hand_out_link(&mut self, who: &str) -> Result<(), StepStopped> {
        self.known(who)?;
        Ok(probe::hand_out_link(&self.scene(), who).await?)
    }

    pub(in crate::steps) async fn look_once(&mut self, people: &[String]) -> Result<(), StepStopped> {
        for who in people {
            let persona = self.person(who).await?;
            probe::look_once(&self.scene(), &persona).await?;
        }
        Ok(())
    }

    pub(super) fn changed(&mut self, change: Change, waited: Option<Duration>) {
        self.world.apply(&change);
        self.transitions += 1;
        let state = self.transitions;
        self.client.move_to(|moment| moment.state = state);
        self.client.write(&Entry::Transition(Transition {
            scenario: self.client.scenario,
            state,
            change,
            description: self.world.describe(),
            class: self.world.class(),
            settled: waited.is_some(),
            waited_ms: waited.map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)),
            line: self.client.moment().line,
            at_ms: self.client.session.ledger.now_ms(),
        }));
    }
}
