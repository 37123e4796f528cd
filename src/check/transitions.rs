//! Every flag, change and switch that the profile declares, there and back.

use super::Check;
use super::people::BYSTANDER;
use crate::ledger::Modality;
use crate::toggle::{Changes, Consultation, FlagAudience, Flags};

impl Check<'_> {
    pub(super) async fn go_through_changes(&mut self) {
        self.flags().await;
        self.settings().await;
        self.switch().await;
    }

    async fn flags(&mut self) {
        let Some(flag) = self.site().profile.flag.clone() else {
            return;
        };
        let Some(names) = flag.names else {
            self.lacks(
                "no flag was tried",
                "`[flag]` has no `names`, so it is not known which flags the stack has",
            );
            return;
        };
        for name in names.keys() {
            if self.is_stopped() {
                return;
            }
            let mut flags = Flags::default();
            let (site, witness) = (self.client.site(), &self.client);
            let there = async {
                flags.set(site, witness, name, true).await?;
                flags.set(site, witness, name, false).await
            }
            .await;
            // also one that could not be turned: half of it may have been done
            let back = flags.put_back(site, witness).await;
            let there_and_back = there.and(back);
            self.went(
                &format!("the feature `{name}` is turned on, off, and put back"),
                "",
                there_and_back,
            );
        }
        let Some(name) = names.keys().next() else { return };
        let person = self.person(BYSTANDER).filter(|_| flag.person.is_some());
        let tenants = self.site().profile.tenant.keys().next().cloned();
        let tenant = tenants.filter(|_| flag.tenant.is_some());
        let some = person.map(|person| (person.name.clone(), FlagAudience::Person(person)));
        let some = some.into_iter();
        for (whom, one) in some.chain(tenant.map(|tenant| (tenant.clone(), FlagAudience::Tenant(tenant)))) {
            if self.is_stopped() {
                return;
            }
            let mut flags = Flags::default();
            let (site, witness) = (self.client.site(), &self.client);
            let there = async {
                let one = std::slice::from_ref(&one);
                flags.set_for(site, witness, name, true, one).await?;
                flags.set_for(site, witness, name, false, one).await
            }
            .await;
            let back = flags.put_back(site, witness).await;
            let there_and_back = there.and(back);
            let what = format!("the feature `{name}` is turned on and off for {whom}, and put back");
            self.went(&what, "", there_and_back);
        }
    }

    async fn settings(&mut self) {
        let changes = self.site().profile.change.clone();
        for (name, part) in &changes {
            if self.is_stopped() {
                return;
            }
            let mut made = Changes::default();
            let (site, witness) = (self.client.site(), &self.client);
            let done = made.make(site, witness, name, &self.recordings).await;
            let worked = self
                .went(&format!("the change `{name}` is made"), "", done)
                .is_some();
            if part.back.is_empty() {
                if worked {
                    self.lacks(&format!("the change `{name}` stays"), "it has no `back`");
                }
                continue;
            }
            let (site, witness) = (self.client.site(), &self.client);
            let undone = made.undo(site, witness, name, &self.recordings).await;
            self.went(&format!("the change `{name}` is undone"), "", undone);
        }
    }

    async fn switch(&mut self) {
        if self.is_stopped() {
            return;
        }
        let profile = &self.site().profile;
        if !profile.action.contains_key("switch") {
            return;
        }
        let Some(patient) = self.person(BYSTANDER) else {
            return;
        };
        let clinician = self.cast.everyone().find(|one| one.role == "clinician").cloned();
        let (site, witness) = (self.client.site(), &self.client);
        let switched = async {
            let slot = "slot 2";
            let mut consultation =
                Consultation::book(site, witness, &patient, clinician.as_ref(), Modality::Audio, slot)
                    .await?;
            consultation.join(site, witness).await?;
            let there = consultation.switch(site, witness, Modality::Video).await;
            consultation.end(site, witness).await?;
            there
        }
        .await;
        match switched {
            Ok(_) => self.works("a running consultation switches from audio to video", ""),
            // with its feature off a stack may well refuse it
            Err(error) => self.lacks(
                "a running consultation switches from audio to video",
                &format!("not as the flags stand now: {error}"),
            ),
        }
    }
}
