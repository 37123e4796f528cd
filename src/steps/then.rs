//! Then: what must be so. Twins and negative controls come by themselves; a scenario never asks for them.

use super::words::NamesArg;
use super::{StepStopped, World};
use crate::ledger::Claim;
use crate::probe::Scope;
use cucumber::gherkin::Step;
use cucumber::then;

#[then(regex = r"^no one can list or fetch anybody else's recordings$")]
async fn no_one_else(world: &mut World, step: &Step) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.claim(Scope::all(Claim::NoOneElse), &step.value).await;
    stage.record_result(result)
}

#[then(regex = r"^no one can list or fetch any recording$")]
async fn no_one(world: &mut World, step: &Step) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.claim(Scope::all(Claim::NoOne), &step.value).await;
    stage.record_result(result)
}

#[then(regex = r"^no one can list or fetch (.+?)'s deleted recordings?$")]
async fn is_gone(world: &mut World, step: &Step, owners: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in owners.0 {
        let result = match stage.deleted_of(&who) {
            Ok(recordings) => {
                let scope = Scope {
                    recordings,
                    ..Scope::all(Claim::Gone)
                };
                stage.claim(scope, &step.value).await
            }
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[then(regex = r"^everyone can (?:still )?list and fetch their own$")]
async fn everyone_their_own(world: &mut World, step: &Step) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.claim(Scope::all(Claim::Reachable), &step.value).await;
    stage.record_result(result)
}

#[then(regex = r"^nobody else can open what (.+?) finds? by following links$")]
async fn discovered(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.claim_discovered(&who, &step.value).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[then(regex = r"^(.+?)'s link no longer opens$")]
async fn link_is_closed(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.recordings_of(&who) {
            Ok(recordings) => {
                let scope = Scope {
                    claim: Claim::NoOne,
                    askers: Vec::new(),
                    recordings,
                    links_only: true,
                };
                stage.claim(scope, &step.value).await
            }
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[then(regex = r"^(.+?)'s link opens for nobody else$")]
async fn link_is_theirs(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.recordings_of(&who) {
            Ok(recordings) => {
                let scope = Scope {
                    claim: Claim::NoOneElse,
                    askers: Vec::new(),
                    recordings,
                    links_only: true,
                };
                stage.claim(scope, &step.value).await
            }
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[then(regex = r"^no one else is told of (.+?)'s recording before it is finished$")]
async fn not_yet(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.claim_not_yet(&who, &step.value).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[then(regex = r"^(.+?) can (?:still )?list and fetch (.+?)'s recordings?$")]
async fn can(world: &mut World, step: &Step, askers: NamesArg, owner: NamesArg) -> Result<(), StepStopped> {
    between(world, step, askers, owner, Claim::Reachable).await
}

#[then(regex = r"^(.+?) cannot list or fetch (.+?)'s recordings?$")]
async fn cannot(
    world: &mut World,
    step: &Step,
    askers: NamesArg,
    owner: NamesArg,
) -> Result<(), StepStopped> {
    between(world, step, askers, owner, Claim::NoOneElse).await
}

#[then(regex = r"^(.+?) cannot list or fetch any recordings?$")]
async fn cannot_any(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let scope = Scope {
        askers: people.0,
        ..Scope::all(Claim::NoOne)
    };
    let result = stage.claim(scope, &step.value).await;
    stage.record_result(result)
}

#[then(regex = r"^(.+?) can (?:still )?list and fetch (?:her|his|their) own recordings?$")]
async fn can_own(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    for who in people.0 {
        between(
            world,
            step,
            NamesArg(vec![who.clone()]),
            NamesArg(vec![who]),
            Claim::Reachable,
        )
        .await?;
    }
    Ok(())
}

#[then(regex = r"^(.+?)'s old session opens nothing$")]
async fn old_session(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.claim_old_session(&who, &step.value).await;
        stage.record_result(result)?;
    }
    Ok(())
}

async fn between(
    world: &mut World,
    step: &Step,
    askers: NamesArg,
    owners: NamesArg,
    claim: Claim,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let mut recordings = Vec::new();
    for name in askers.0.iter().chain(&owners.0) {
        let result = stage.known(name);
        stage.record_result(result)?;
    }
    for owner in &owners.0 {
        let result = stage.recordings_of(owner);
        recordings.extend(stage.record_result(result)?);
    }
    let result = stage
        .claim(
            Scope {
                claim,
                askers: askers.0,
                recordings,
                links_only: false,
            },
            &step.value,
        )
        .await;
    stage.record_result(result)
}
