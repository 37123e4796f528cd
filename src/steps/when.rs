//! When: what happens. Each of these is a transition, or something that people do between two of them.

use super::words::{MadeOrUndone, ModalityArg, NamesArg, SwitchArg, Tenants};
use super::{StepStopped, World};
use crate::toggle::GrantEnd;
use cucumber::gherkin::Step;
use cucumber::when;

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off)$"#)]
async fn turned(world: &mut World, step: &Step, flag: String, to: SwitchArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.turn(&flag, to.0).await;
    stage.record_result(result)
}

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off) for (\p{Lu}.*)$"#)]
async fn turned_for(
    world: &mut World,
    step: &Step,
    flag: String,
    to: SwitchArg,
    people: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.turn_for_people(&flag, to.0, &people.0).await;
    stage.record_result(result)
}

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off) for the ([^"]+)$"#)]
async fn turned_for_tenants(
    world: &mut World,
    step: &Step,
    flag: String,
    to: SwitchArg,
    tenants: Tenants,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.turn_for_tenants(&flag, to.0, &tenants.0).await;
    stage.record_result(result)
}

#[when(regex = r#"^the change "([^"]+)" is (made|undone)$"#)]
async fn changed(world: &mut World, step: &Step, name: String, way: MadeOrUndone) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.change(&name, way.0).await;
    stage.record_result(result)
}

#[when(regex = r#"^(.+?) does "([^"]+)"$"#)]
async fn does(world: &mut World, step: &Step, people: NamesArg, action: String) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.act(&who, &action).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) (?:switches|switch|switches back|each switch) to (\w+)$")]
async fn switches(
    world: &mut World,
    step: &Step,
    people: NamesArg,
    to: ModalityArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.switch(&who, to.0).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)'s consultation ends$")]
async fn consultation_ends(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.running(&who) {
            Ok(running) => stage.end(running).await,
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)'s consultation is recorded$")]
async fn is_recorded(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.latest(&who) {
            Ok(latest) => stage.record(latest).await,
            Err(error) => Err(error),
        };
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^the (\w+) begins on (.+?)'s consultation$")]
async fn begins_on(world: &mut World, step: &Step, way: String, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.begin_on(&who, &way).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^the (\w+) is done with (.+?)'s consultation$")]
async fn is_done_with(
    world: &mut World,
    step: &Step,
    way: String,
    people: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.finish_recording(&who, &way).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? out$")]
async fn signs_out(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_out(&who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? in(?: again)?$")]
async fn signs_in(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_in(&who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? in on (.+?)'s device$")]
async fn signs_in_on(world: &mut World, step: &Step, who: NamesArg, of: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (who, of) in who.with_each(&of) {
        let result = stage.sign_in_on_device(who, of).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)(?: deletes? (?:her|his|their) recordings?|'s recording is deleted)$")]
async fn deletes(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.delete(&who).await;
        stage.record_result(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) looks? at (?:her|his|their) replays$")]
async fn looks(world: &mut World, step: &Step, people: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    let result = stage.look_once(&people.0).await;
    stage.record_result(result)
}

#[when(regex = r"^(.+?) withdraws? the share from (.+?)$")]
async fn withdraws(
    world: &mut World,
    step: &Step,
    owner: NamesArg,
    from: NamesArg,
) -> Result<(), StepStopped> {
    ends(world, step, ("share", GrantEnd::Withdrawn), owner, from).await
}

#[when(regex = r"^(.+?)'s share with (.+?) runs out$")]
async fn runs_out(
    world: &mut World,
    step: &Step,
    owner: NamesArg,
    with: NamesArg,
) -> Result<(), StepStopped> {
    ends(world, step, ("share", GrantEnd::Over), owner, with).await
}

#[when(regex = r"^(.+?) (?:is|are) no longer treated by (.+?)$")]
async fn no_longer_treated(
    world: &mut World,
    step: &Step,
    patient: NamesArg,
    by: NamesArg,
) -> Result<(), StepStopped> {
    ends(world, step, ("treatment", GrantEnd::Withdrawn), patient, by).await
}

#[when(regex = r"^(.+?) closes the case of (.+?)'s recording$")]
async fn closes(world: &mut World, step: &Step, who: NamesArg, owner: NamesArg) -> Result<(), StepStopped> {
    ends(world, step, ("break-glass", GrantEnd::Withdrawn), owner, who).await
}

#[when(regex = r"^(.+?)'s time with (.+?)'s recording is over$")]
async fn time_is_over(
    world: &mut World,
    step: &Step,
    who: NamesArg,
    owner: NamesArg,
) -> Result<(), StepStopped> {
    ends(world, step, ("break-glass", GrantEnd::Over), owner, who).await
}

#[when(regex = r"^(.+?) (?:is|are) no longer the guardians? of (.+?)$")]
async fn no_longer_guardian(
    world: &mut World,
    step: &Step,
    who: NamesArg,
    children: NamesArg,
) -> Result<(), StepStopped> {
    ends(world, step, ("guardianship", GrantEnd::Withdrawn), children, who).await
}

#[when(regex = r"^(.+?) (?:comes|come) of age$")]
async fn comes_of_age(world: &mut World, step: &Step, children: NamesArg) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for child in children.0 {
        let result = stage.end_grants("guardianship", &child, GrantEnd::Over).await;
        stage.record_result(result)?;
    }
    Ok(())
}

async fn ends(
    world: &mut World,
    step: &Step,
    (grant, end): (&str, GrantEnd),
    owners: NamesArg,
    to: NamesArg,
) -> Result<(), StepStopped> {
    let stage = world.at(step)?;
    for (owner, to) in owners.with_each(&to) {
        let result = stage.end_grant(grant, owner, to, end).await;
        stage.record_result(result)?;
    }
    Ok(())
}
