//! When: what happens. Each of these is a transition, or something that people do between two of them.

use super::words::{By, People, Switch, Tenants, Way};
use super::{Stopped, World};
use crate::toggle::End;
use cucumber::gherkin::Step;
use cucumber::when;

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off)$"#)]
async fn turned(world: &mut World, step: &Step, flag: String, to: Switch) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let result = stage.turn(&flag, to.0).await;
    stage.told(result)
}

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off) for (\p{Lu}.*)$"#)]
async fn turned_for(
    world: &mut World,
    step: &Step,
    flag: String,
    to: Switch,
    people: People,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let result = stage.turn_for_people(&flag, to.0, &people.0).await;
    stage.told(result)
}

#[when(regex = r#"^the feature "([^"]+)" is turned (on|off) for the ([^"]+)$"#)]
async fn turned_for_tenants(
    world: &mut World,
    step: &Step,
    flag: String,
    to: Switch,
    tenants: Tenants,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let result = stage.turn_for_tenants(&flag, to.0, &tenants.0).await;
    stage.told(result)
}

#[when(regex = r#"^the change "([^"]+)" is (made|undone)$"#)]
async fn changed(world: &mut World, step: &Step, name: String, way: Way) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let result = stage.change(&name, way.0).await;
    stage.told(result)
}

#[when(regex = r#"^(.+?) does "([^"]+)"$"#)]
async fn does(world: &mut World, step: &Step, people: People, action: String) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.act(&who, &action).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) (?:switches|switch|switches back|each switch) to (\w+)$")]
async fn switches(world: &mut World, step: &Step, people: People, to: By) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.switch(&who, to.0).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)'s consultation ends$")]
async fn consultation_ends(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.running(&who) {
            Ok(running) => stage.end(running).await,
            Err(error) => Err(error),
        };
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)'s consultation is recorded$")]
async fn is_recorded(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = match stage.latest(&who) {
            Ok(latest) => stage.record(latest).await,
            Err(error) => Err(error),
        };
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^the (\w+) begins on (.+?)'s consultation$")]
async fn begins_on(world: &mut World, step: &Step, way: String, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.begin_on(&who, &way).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^the (\w+) is done with (.+?)'s consultation$")]
async fn is_done_with(world: &mut World, step: &Step, way: String, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.be_done_with(&who, &way).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? out$")]
async fn signs_out(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_out(&who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? in(?: again)?$")]
async fn signs_in(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.sign_in(&who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) signs? in on (.+?)'s device$")]
async fn signs_in_on(world: &mut World, step: &Step, who: People, of: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (who, of) in who.with_each(&of) {
        let result = stage.sign_in_on_device(who, of).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?)(?: deletes? (?:her|his|their) recordings?|'s recording is deleted)$")]
async fn deletes(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for who in people.0 {
        let result = stage.delete(&who).await;
        stage.told(result)?;
    }
    Ok(())
}

#[when(regex = r"^(.+?) looks? at (?:her|his|their) replays$")]
async fn looks(world: &mut World, step: &Step, people: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    let result = stage.look(&people.0).await;
    stage.told(result)
}

#[when(regex = r"^(.+?) withdraws? the share from (.+?)$")]
async fn withdraws(world: &mut World, step: &Step, owner: People, from: People) -> Result<(), Stopped> {
    ends(world, step, ("share", End::Withdrawn), owner, from).await
}

#[when(regex = r"^(.+?)'s share with (.+?) runs out$")]
async fn runs_out(world: &mut World, step: &Step, owner: People, with: People) -> Result<(), Stopped> {
    ends(world, step, ("share", End::Over), owner, with).await
}

#[when(regex = r"^(.+?) (?:is|are) no longer treated by (.+?)$")]
async fn no_longer_treated(
    world: &mut World,
    step: &Step,
    patient: People,
    by: People,
) -> Result<(), Stopped> {
    ends(world, step, ("treatment", End::Withdrawn), patient, by).await
}

#[when(regex = r"^(.+?) closes the case of (.+?)'s recording$")]
async fn closes(world: &mut World, step: &Step, who: People, owner: People) -> Result<(), Stopped> {
    ends(world, step, ("break-glass", End::Withdrawn), owner, who).await
}

#[when(regex = r"^(.+?)'s time with (.+?)'s recording is over$")]
async fn time_is_over(world: &mut World, step: &Step, who: People, owner: People) -> Result<(), Stopped> {
    ends(world, step, ("break-glass", End::Over), owner, who).await
}

#[when(regex = r"^(.+?) (?:is|are) no longer the guardians? of (.+?)$")]
async fn no_longer_guardian(
    world: &mut World,
    step: &Step,
    who: People,
    children: People,
) -> Result<(), Stopped> {
    ends(world, step, ("guardianship", End::Withdrawn), children, who).await
}

#[when(regex = r"^(.+?) (?:comes|come) of age$")]
async fn comes_of_age(world: &mut World, step: &Step, children: People) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for child in children.0 {
        let result = stage.end_grants("guardianship", &child, End::Over).await;
        stage.told(result)?;
    }
    Ok(())
}

async fn ends(
    world: &mut World,
    step: &Step,
    (grant, end): (&str, End),
    owners: People,
    to: People,
) -> Result<(), Stopped> {
    let stage = world.at(step)?;
    for (owner, to) in owners.with_each(&to) {
        let result = stage.end_grant(grant, owner, to, end).await;
        stage.told(result)?;
    }
    Ok(())
}
