//! The techniques by name: how a sentence tells them, and what they need to prove anything.

use crate::ledger::Temperament;

/// The technique of an answer that no probe was looking at.
pub(super) const IN_PASSING: &str = "in-passing";

/// The technique of the visitor with wrong credentials, whose name says it already.
pub(super) const WITH_WRONG_CREDENTIALS: &str = "with-wrong-credentials";

struct Technique {
    name: &'static str,
    phrase: &'static str,
    /// Whether a refusal means something only while the bystander's own session lives.
    needs_session: bool,
}

const fn signed_in(name: &'static str, phrase: &'static str) -> Technique {
    Technique {
        name,
        phrase,
        needs_session: true,
    }
}

const fn signed_out(name: &'static str, phrase: &'static str) -> Technique {
    Technique {
        name,
        phrase,
        needs_session: false,
    }
}

const TECHNIQUES: &[Technique] = &[
    signed_in(IN_PASSING, "doing nothing unusual"),
    signed_in("look", "doing nothing unusual"),
    signed_in("open-what-is-listed", "opening what their own list offered"),
    signed_in("listen", "listening to their own events"),
    signed_in(
        "swap-id",
        "putting the id of somebody else's recording where their own belongs",
    ),
    signed_in(
        "ask-for-a-range",
        "asking for a part of somebody else's recording",
    ),
    signed_in(
        "ask-for-head",
        "asking only for the headers of somebody else's recording",
    ),
    signed_in(
        "use-anothers-link",
        "using a link that was made for somebody else",
    ),
    signed_in(
        "swap-id-in-own-link",
        "putting the id of somebody else's recording into a link of their own",
    ),
    signed_in("keep-using-a-link", "using a link handed out earlier"),
    signed_in("change-anothers", "writing to somebody else's recording"),
    signed_in("use-expired-link", "using a link that should have expired"),
    signed_out("without-signing-in", "without signing in"),
    signed_out(WITH_WRONG_CREDENTIALS, "with credentials that nobody ever held"),
    signed_out("old-session", "using a session that was signed out"),
];

fn known(name: &str) -> Option<&'static Technique> {
    TECHNIQUES.iter().find(|technique| technique.name == name)
}

/// What the bystander did, as it stands between two commas.
pub(super) fn phrase(name: &str, temperament: Temperament) -> String {
    match (known(name), temperament) {
        (Some(technique), _) => technique.phrase.to_owned(),
        (None, Temperament::Ordinary) => "doing nothing unusual".to_owned(),
        (None, Temperament::Curious) => format!("trying `{name}`"),
        (None, Temperament::Hostile) => format!("attacking with `{name}`"),
    }
}

/// Whether a refusal proves something only when the bystander's own session was alive. A technique that does without a
/// session is refused *because* there is none, and that is the point of it.
pub(super) fn needs_session(name: &str, who: &str) -> bool {
    !super::is_nobody(who) && known(name).is_none_or(|technique| technique.needs_session)
}

/// Whether nobody at all should get anything by it, the owner included.
pub(super) fn is_for_nobody(name: &str) -> bool {
    name == "use-expired-link"
}

/// The temperament of a control, which has none of its own in the ledger.
pub(super) fn temperament_of(name: &str) -> Temperament {
    match name {
        IN_PASSING | "look" | "open-what-is-listed" | "listen" | "keep-using-a-link" => Temperament::Ordinary,
        "swap-id-in-own-link" | "change-anothers" => Temperament::Hostile,
        _ => Temperament::Curious,
    }
}
