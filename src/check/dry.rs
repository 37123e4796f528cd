//! The requests of a profile, printed and not sent.

use crate::profile::{Profile, Step, Surface};
use std::fmt::Write as _;

/// Every request that the profile can send, part by part, with its placeholders as they stand in the file.
#[must_use]
pub fn dry_run(profile: &Profile) -> String {
    let mut text = format!("{}: nothing is sent.\n", profile.target.name);
    for (name, base) in &profile.base {
        // writing to a String cannot fail
        let _ = writeln!(text, "  {name} = {base}");
    }
    if let Some(deploy) = &profile.deploy {
        steps(&mut text, "the stack is ready", &deploy.ready);
    }
    for (name, role) in &profile.role {
        steps(&mut text, &format!("a {name} is taken in"), &role.provision);
        steps(&mut text, &format!("a {name} signs in"), &role.login);
        steps(
            &mut text,
            &format!("a {name}'s session is made to last"),
            &role.refresh,
        );
        steps(&mut text, &format!("who a {name} is"), role.whoami.as_slice());
        for (session, part) in &role.session {
            steps(&mut text, &format!("a {name} signs in by {session}"), &part.login);
        }
        steps(&mut text, &format!("a {name} signs out"), &role.logout);
        steps(&mut text, &format!("a {name} is taken away again"), &role.remove);
    }
    for (name, action) in &profile.action {
        steps(&mut text, name, &action.steps);
        steps(
            &mut text,
            &format!("{name} has taken effect"),
            action.settled.as_slice(),
        );
    }
    if let Some(flag) = &profile.flag {
        steps(&mut text, "a flag is read", flag.read.as_slice());
        steps(&mut text, "a flag is set", &flag.set);
        steps(&mut text, "a flag is turned on", &flag.on);
        steps(&mut text, "a flag is turned off", &flag.off);
        steps(&mut text, "a flag has settled", flag.settled.as_slice());
        steps(&mut text, "a flag is put back", &flag.back);
        for (whom, some) in [("a person", &flag.person), ("a tenant", &flag.tenant)] {
            let Some(some) = some else { continue };
            steps(&mut text, &format!("a flag is set for {whom}"), &some.set);
            steps(&mut text, &format!("a flag is turned on for {whom}"), &some.on);
            steps(&mut text, &format!("a flag is turned off for {whom}"), &some.off);
            let settled = some.settled.as_slice();
            steps(&mut text, &format!("a flag has settled for {whom}"), settled);
        }
    }
    for (name, change) in &profile.change {
        steps(&mut text, &format!("the change {name}"), &change.there);
        steps(&mut text, &format!("the change {name} is undone"), &change.back);
        steps(
            &mut text,
            &format!("the change {name} has settled"),
            change.settled.as_slice(),
        );
    }
    for (name, grant) in &profile.grant {
        steps(&mut text, &format!("the right {name} is given"), &grant.give);
        steps(
            &mut text,
            &format!("the right {name} has been given"),
            grant.settled.as_slice(),
        );
        steps(
            &mut text,
            &format!("the right {name} is taken back"),
            &grant.withdraw,
        );
        steps(
            &mut text,
            &format!("the right {name} ends by itself"),
            &grant.lapse,
        );
    }
    if let Some(recording) = &profile.recording {
        steps(&mut text, "a recording is planted", &recording.plant);
        for (name, way) in &recording.way {
            steps(
                &mut text,
                &format!("the {name} begins on a recording"),
                &way.begin,
            );
            steps(&mut text, &format!("the {name} is done with it"), &way.finish);
            steps(
                &mut text,
                &format!("what the {name} has stored is looked at"),
                way.stored.as_slice(),
            );
        }
    }
    for (name, part) in &profile.surface {
        surface(&mut text, name, part);
    }
    if let Some(recording) = &profile.recording {
        steps(&mut text, "a recording is deleted", &recording.delete);
    }
    text
}

fn steps(text: &mut String, what: &str, steps: &[Step]) {
    if steps.is_empty() {
        return;
    }
    let _ = write!(text, "\n{what}\n");
    for step in steps {
        let by = step
            .by
            .as_ref()
            .map(|by| format!("as {by}: "))
            .unwrap_or_default();
        let base = step
            .base
            .as_ref()
            .map(|base| format!(" (at {base})"))
            .unwrap_or_default();
        let _ = writeln!(text, "  {by}{}{base}", step.line());
        body(text, step);
    }
}

fn body(text: &mut String, step: &Step) {
    for (name, value) in &step.headers {
        let _ = writeln!(text, "      {name}: {value}");
    }
    for (name, value) in &step.query {
        let _ = writeln!(text, "      ?{name}={value}");
    }
    if let Some(json) = &step.json {
        let _ = writeln!(
            text,
            "      JSON {}",
            serde_json::to_string(json).unwrap_or_default()
        );
    }
    for (name, value) in step.form.iter().flatten() {
        let _ = writeln!(text, "      form {name}={value}");
    }
    for field in &step.multipart {
        let what = [&field.text, &field.file, &field.payload];
        let what = what
            .into_iter()
            .flatten()
            .map(ToString::to_string)
            .next()
            .unwrap_or_default();
        let _ = writeln!(text, "      part {}={what}", field.name);
    }
    for (kind, value) in [
        ("body", &step.body),
        ("payload", &step.payload),
        ("file", &step.file),
    ] {
        if let Some(value) = value {
            let _ = writeln!(text, "      {kind} {value}");
        }
    }
    if let Some(until) = &step.until {
        let _ = writeln!(text, "      until {until}");
    }
}

fn surface(text: &mut String, name: &str, surface: &Surface) {
    let _ = write!(text, "\nsurface {name}\n");
    for step in &surface.steps {
        let _ = writeln!(text, "  {}", step.line());
        body(text, step);
    }
    let base = surface
        .base
        .as_ref()
        .map(|base| format!(" (at {base})"))
        .unwrap_or_default();
    let _ = writeln!(text, "  {}{base}", surface.request);
    if let Some(json) = &surface.json {
        let _ = writeln!(
            text,
            "      JSON {}",
            serde_json::to_string(json).unwrap_or_default()
        );
    }
    let variants = [
        (surface.ranges, "also the first bytes (Range: bytes=0-8191)"),
        (surface.head, "also HEAD"),
        (surface.link, "also with addresses that were handed out before"),
    ];
    for (_, variant) in variants.into_iter().filter(|(there, _)| *there) {
        let _ = writeln!(text, "      {variant}");
    }
}
