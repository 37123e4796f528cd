//! Given: who is there, and what they have done before.

use super::words::{ModalityArg, NamesArg, RoleArg, Tenants};
use super::{StepStopped, World};
use crate::cast::PersonaSpec;
use crate::undo::Membership;
use cucumber::gherkin::Step;
use cucumber::given;

#[given(regex = r"^(.+?) (?:is|are) signed in$")]
async fn signed_in(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_in(&who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is an?|are) (\w+?)s? of the ([^']+)$")]
async fn belong(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    role: String,
    tenants: Tenants,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let belonging = Membership {
            tenants: tenants.0.clone(),
            number_of: None,
        };
        let introduced = PersonaSpec {
            name: &who,
            role: &role,
            belonging,
        };
        let result = stage.introduce(introduced).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) is an? (\w+) of the ([^']+) with (.+?)'s number$")]
async fn belongs_with_number(
    world: &mut World,
    step: &Step,
    name: String,
    role: String,
    tenants: Tenants,
    other: String,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let known = stage.known(&other);
    stage.record_result(known)?;
    let belonging = Membership {
        tenants: tenants.0,
        number_of: Some(other),
    };
    let introduced = PersonaSpec {
        name: &name,
        role: &role,
        belonging,
    };
    let result = stage.introduce(introduced).await;
    stage.record_result(result).map(drop)
}

#[given(regex = r"^(.+?) (?:each have|has|have) a finished (\w+) consultation that was recorded$")]
async fn finished(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    by: ModalityArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, None, None).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:each have|has|have) a finished (\w+) consultation that the (\w+) has recorded$")]
async fn finished_by(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    by: ModalityArg,
    way: String,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished_by(&who, by.0, &way).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has (\d+) finished (\w+) consultations that were recorded$")]
async fn many_finished(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    times: u32,
    by: ModalityArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        for _ in 0..times {
            let result = stage.finished(&who, by.0, None, None).await;
            stage.record_result(result)?;
        }
    }
    Ok(())
}

#[given(
    regex = r#"^(.+?) (?:each had|had) an? (\w+) consultation with (Dr \w+) in the slot "([^"]+)" that was recorded$"#
)]
async fn in_the_slot(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    by: ModalityArg,
    with: String,
    slot: String,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, Some(&with), Some(&slot)).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(Dr \w+) held an? (\w+) consultation with (.+?) that was recorded$")]
async fn held(
    world: &mut World,
    step: &Step,
    with: String,
    by: ModalityArg,
    people: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, Some(&with), None).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have) booked an? (\w+) consultation$")]
async fn booked(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    by: ModalityArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.book(&who, by.0, None, None).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have|have each) booked an? (\w+) consultation and joined it$")]
async fn booked_and_joined(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    by: ModalityArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.book(&who, by.0, None, None).await {
            Ok(consultation) => stage.join(consultation).await,
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have each) been given a link to (?:her|his|their) recording$")]
async fn given_a_link(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.hand_out_link(&who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has shared (?:her|his|their) recording with (.+?)$")]
async fn shared(world: &mut World, step: &Step, owner: NamesArg, with: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (owner, with) in owner.with_each(&with) {
        let result = stage.grant("share", owner, with).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is|are) (?:an? )?(support agents?|pharmacists?|insurers?)$")]
async fn is_a(world: &mut World, step: &Step, people: NamesArg, kind: RoleArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let introduced = PersonaSpec {
            name: &who,
            role: kind.0,
            belonging: Membership::default(),
        };
        let result = stage.introduce(introduced).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has given a reason to open (.+?)'s recording$")]
async fn gave_a_reason(
    world: &mut World,
    step: &Step,
    who: NamesArg,
    owner: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (who, owner) in who.with_each(&owner) {
        let result = stage.grant("break-glass", owner, who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is|are) the guardians? of (.+?)$")]
async fn is_guardian(
    world: &mut World,
    step: &Step,
    who: NamesArg,
    children: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (who, child) in who.with_each(&children) {
        let result = stage.grant("guardianship", child, who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have|each have) a prescription that (.+?) dispenses?$")]
async fn prescribed(
    world: &mut World,
    step: &Step,
    patients: NamesArg,
    by: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (patient, by) in patients.with_each(&by) {
        let result = stage.grant("prescription", patient, by).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) is the insurer of (.+?)$")]
async fn insures(
    world: &mut World,
    step: &Step,
    who: NamesArg,
    members: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (who, member) in who.with_each(&members) {
        let result = stage.grant("insurance", member, who).await;
        stage.record_result(result)?;
    }
    Ok(())
}
