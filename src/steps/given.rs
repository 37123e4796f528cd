//! Given: who is there, and what they have done before.

use super::words::{By, Kind, People, Tenants};
use super::{Stopped, World};
use crate::cast::Introduced;
use crate::undo::Belonging;
use cucumber::gherkin::Step;
use cucumber::given;

#[given(regex = r"^(.+?) (?:is|are) signed in$")]
async fn signed_in(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_in(&who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is an?|are) (\w+?)s? of the ([^']+)$")]
async fn belong(
    world: &mut World,
    step: &Step,
    people: People,
    role: String,
    tenants: Tenants,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let belonging = Belonging {
            tenants: tenants.0.clone(),
            number_of: None,
        };
        let introduced = Introduced {
            name: &who,
            role: &role,
            belonging,
        };
        let result = stage.introduce(introduced).await;
        stage.told(result)?;
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
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let known = stage.known(&other);
    stage.told(known)?;
    let belonging = Belonging {
        tenants: tenants.0,
        number_of: Some(other),
    };
    let introduced = Introduced {
        name: &name,
        role: &role,
        belonging,
    };
    let result = stage.introduce(introduced).await;
    stage.told(result).map(drop)
}

#[given(regex = r"^(.+?) (?:each have|has|have) a finished (\w+) consultation that was recorded$")]
async fn finished(world: &mut World, step: &Step, people: People, by: By) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, None, None).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:each have|has|have) a finished (\w+) consultation that the (\w+) has recorded$")]
async fn finished_by(
    world: &mut World,
    step: &Step,
    people: People,
    by: By,
    way: String,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished_by(&who, by.0, &way).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has (\d+) finished (\w+) consultations that were recorded$")]
async fn many_finished(
    world: &mut World,
    step: &Step,
    people: People,
    times: u32,
    by: By,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        for _ in 0..times {
            let result = stage.finished(&who, by.0, None, None).await;
            stage.told(result)?;
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
    people: People,
    by: By,
    with: String,
    slot: String,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, Some(&with), Some(&slot)).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(Dr \w+) held an? (\w+) consultation with (.+?) that was recorded$")]
async fn held(world: &mut World, step: &Step, with: String, by: By, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, Some(&with), None).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have) booked an? (\w+) consultation$")]
async fn booked(world: &mut World, step: &Step, people: People, by: By) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.book(&who, by.0, None, None).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have|have each) booked an? (\w+) consultation and joined it$")]
async fn booked_and_joined(world: &mut World, step: &Step, people: People, by: By) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.book(&who, by.0, None, None).await {
            Ok(consultation) => stage.join(consultation).await,
            Err(error) => Err(error),
        };
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have each) been given a link to (?:her|his|their) recording$")]
async fn given_a_link(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.hand_out_link(&who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has shared (?:her|his|their) recording with (.+?)$")]
async fn shared(world: &mut World, step: &Step, owner: People, with: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (owner, with) in owner.with_each(&with) {
        let result = stage.give("share", owner, with).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is|are) (?:an? )?(support agents?|pharmacists?|insurers?)$")]
async fn is_a(world: &mut World, step: &Step, people: People, kind: Kind) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let introduced = Introduced {
            name: &who,
            role: kind.0,
            belonging: Belonging::default(),
        };
        let result = stage.introduce(introduced).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) has given a reason to open (.+?)'s recording$")]
async fn gave_a_reason(world: &mut World, step: &Step, who: People, owner: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (who, owner) in who.with_each(&owner) {
        let result = stage.give("break-glass", owner, who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:is|are) the guardians? of (.+?)$")]
async fn is_guardian(world: &mut World, step: &Step, who: People, children: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (who, child) in who.with_each(&children) {
        let result = stage.give("guardianship", child, who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) (?:has|have|each have) a prescription that (.+?) dispenses?$")]
async fn prescribed(world: &mut World, step: &Step, patients: People, by: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (patient, by) in patients.with_each(&by) {
        let result = stage.give("prescription", patient, by).await;
        stage.told(result)?;
    }
    Ok(())
}

#[given(regex = r"^(.+?) is the insurer of (.+?)$")]
async fn insures(world: &mut World, step: &Step, who: People, members: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (who, member) in who.with_each(&members) {
        let result = stage.give("insurance", member, who).await;
        stage.told(result)?;
    }
    Ok(())
}
