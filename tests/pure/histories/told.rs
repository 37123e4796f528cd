//! Whole runs that several tests start from.

use super::{History, MEDIA_BYTES, Sent};
use bystander::ledger::{Claim, Delivery, Facet, Modality, Outcome, OutcomeClass};

pub(crate) const NO_ONE_ELSE: &str = "Then no one can list or fetch anybody else's recordings";

/// A scenario in which Ben reaches for Ada's media and gets nothing: the least that counts as held. Entry by entry: run,
/// stack, scenario, Ada, Ben, plant, assertion, twin, control, probe, pulse, concluded, ended, finished.
pub(crate) fn sound() -> History {
    let mut history = History::begin();
    history
        .scenario("features/fetching.feature", 3, "Somebody else's id opens nothing")
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let twin = history.send(
        Sent::twin("Ada", "media", &[recording])
            .saw(recording, Facet::Media)
            .media(MEDIA_BYTES),
    );
    let control = history.send(Sent::control("Ben", "media"));
    history.send(Sent::probe("Ben", "media", &[(recording, twin)]).with_control(control));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

/// Ben switches Ada's consultation, and she sees that it has happened; of her recording he gets nothing.
pub(crate) fn acted() -> History {
    let mut history = History::begin();
    history
        .scenario("features/switching.feature", 3, "Nobody switches another's call")
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Audio);
    let tried = history.send(Sent::attempt("Ben", "Ada", "action.switch").served());
    history.send(Sent::pulse("Ben", true).outside());
    history.attempted(tried, Some(true), false);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let twin = history.send(
        Sent::twin("Ada", "media", &[recording])
            .saw(recording, Facet::Media)
            .media(MEDIA_BYTES),
    );
    history.send(Sent::probe("Ben", "media", &[(recording, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran().finished();
    history
}

/// June 2020: three patients are recorded, a fourth switches from audio to video and is shown their replays.
pub(crate) fn june_2020() -> History {
    let mut history = History::begin();
    history.selected(3, 1);
    history
        .scenario(
            "features/switching.feature",
            4,
            "Switching from audio to video opens nobody else's replays",
        )
        .patients(&["Ada", "Ben", "Chloe", "Dan"]);
    let recordings = ["Ada", "Ben", "Chloe"].map(|owner| history.plant(owner, Modality::Audio));
    history
        .flag("audio-video-switch", true)
        .switch("Dan", Modality::Audio, Modality::Video)
        .wait(200);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let owners = ["Ada", "Ben", "Chloe"];
    let mut list_twins = Vec::new();
    let mut media_twins = Vec::new();
    for (owner, recording) in owners.iter().zip(recordings) {
        let list = Sent::twin(owner, "replays", &[recording]).saw(recording, Facet::Title);
        list_twins.push((recording, history.send(list.listing(&[recording], 0, Some(1)))));
        let media = Sent::twin(owner, "media", &[recording])
            .saw(recording, Facet::Media)
            .media(MEDIA_BYTES);
        media_twins.push((recording, history.send(media)));
    }
    let mut shown = Sent::probe("Dan", "replays", &list_twins)
        .looking()
        .listing(&recordings, 0, Some(3));
    shown.exchange.response.bytes = 1_824;
    shown.exchange.response.head = "{\"items\":[{\"id\":…,\"title\":…,\"modality\":…}],\"total\":…}".into();
    for recording in recordings {
        shown = shown.saw(recording, Facet::Title).saw(recording, Facet::Id);
    }
    history.send(shown);
    let excerpt = Sent::probe("Dan", "media", &media_twins[..1])
        .by("open-listed-item", bystander::ledger::Temperament::Ordinary)
        .saw(recordings[0], Facet::Excerpt)
        .media(8_192)
        .status(206, OutcomeClass::Served);
    history.send(excerpt);
    for target in media_twins {
        let control = history.send(Sent::control("Dan", "media"));
        history.send(Sent::probe("Dan", "media", &[target]).with_control(control));
    }
    history.pulse("Dan");
    history.concluded(7).ran();
    history
        .scenario("features/fetching.feature", 3, "Somebody else's id opens nothing")
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let twin = history.send(
        Sent::twin("Ada", "media", &[recording])
            .saw(recording, Facet::Media)
            .media(MEDIA_BYTES),
    );
    history.send(Sent::probe("Ben", "media", &[(recording, twin)]));
    history.pulse("Ben");
    history.concluded(1).ran();
    history.scenario(
        "features/replicas.feature",
        12,
        "A replica that restarts keeps its secrets",
    );
    history.ended(
        Outcome::NotApplicable,
        Some("it needs replicas, which the embedded clinic does not have"),
    );
    history.finished();
    history
}

/// The kill switch: Ada's recording was to be had before, and nobody gets it now.
pub(crate) fn kill_switch() -> History {
    let mut history = History::begin();
    history
        .scenario(
            "features/kill-switch.feature",
            6,
            "Turning replays off stops the links already handed out",
        )
        .patients(&["Ada", "Ben"]);
    let recording = history.plant("Ada", Modality::Video);
    let twin = Sent::twin("Ada", "link", &[recording])
        .saw(recording, Facet::Media)
        .media(MEDIA_BYTES);
    let twin = history.send(twin.outside());
    history.flag("consultation-replays", false);
    history.ask(Claim::NoOne, "Then no one can list or fetch any recording");
    for who in ["Ada", "Ben"] {
        history.send(Sent::probe(who, "link", &[(recording, twin)]).status(403, OutcomeClass::Denied));
    }
    history.pulse("Ada");
    history.pulse("Ben");
    history.concluded(2).ran().finished();
    history
}

/// A run in which hardly anything could be judged, for many reasons.
pub(crate) fn unclear() -> History {
    let mut history = History::begin();
    history.selected(3, 0);
    history
        .scenario("features/fetching.feature", 3, "Somebody else's id opens nothing")
        .patients(&["Ada", "Ben", "Chloe"]);
    let recording = history.plant("Ada", Modality::Audio);
    history.ask(Claim::NoOneElse, NO_ONE_ELSE);
    let media = history.send(Sent::twin("Ada", "media", &[recording]).denied());
    let item = history.send(Sent::twin("Ada", "item", &[recording]).saw(recording, Facet::Title));
    for who in ["Ben", "Chloe"] {
        history.send(Sent::probe(who, "media", &[(recording, media)]));
        history.send(
            Sent::probe(who, "item", &[(recording, item)]).delivery(Delivery::TimedOut { after_ms: 5_000 }),
        );
        history.pulse(who);
    }
    let broken = Sent::probe("nobody", "item", &[(recording, item)]).status(503, OutcomeClass::Broken);
    history.send(broken.by("anonymous", bystander::ledger::Temperament::Curious));
    history.concluded(6).ran();
    history.scenario(
        "features/switching.feature",
        4,
        "Switching from audio to video opens nobody else's replays",
    );
    history.patients(&["Dan"]);
    history.trouble("Dan could not log in: 500", Some(2), false, false);
    history.ended(
        Outcome::Stopped,
        Some("“Given Dan has booked an audio consultation” failed"),
    );
    history.scenario("features/links.feature", 9, "A link opens one recording only");
    history.ran().finished();
    history
}
