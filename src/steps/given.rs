//! Given: who is there, and what they have done before.

use super::words::{By, People};
use super::{Stopped, World};
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

#[given(regex = r"^(.+?) (?:each have|has|have) a finished (\w+) consultation that was recorded$")]
async fn finished(world: &mut World, step: &Step, people: People, by: By) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finished(&who, by.0, None, None).await;
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
