//! The techniques by name: how a sentence tells them, and what they need to prove anything.

use crate::ledger::Temperament;
use crate::technique::{EXPIRED_LINK, RequestShape, Technique};

pub(super) use crate::technique::IN_PASSING;

/// The technique of the visitor with wrong credentials, whose name says it already.
pub(super) const INVALID_CREDENTIALS: &str = crate::technique::INVALID_CREDENTIALS.name;

/// What the bystander did, as it stands between two commas.
pub(super) fn phrase(name: &str, temperament: Temperament) -> String {
    match (Technique::named(name), temperament) {
        (Some(technique), _) => technique.phrase.to_owned(),
        (None, Temperament::Ordinary) => "doing nothing unusual".to_owned(),
        (None, Temperament::Curious) => format!("trying `{name}`"),
        (None, Temperament::Hostile) => format!("attacking with `{name}`"),
    }
}

/// Whether a refusal proves something only when the bystander's own session was alive. A technique that does without a
/// session is refused *because* there is none, and that is the point of it.
pub(super) fn needs_session(name: &str, who: &str) -> bool {
    !super::is_nobody(who) && Technique::named(name).is_none_or(|technique| technique.needs_session)
}

/// How plain it is; what no technique is known for came by itself.
pub(super) fn plainness(name: &str) -> RequestShape {
    Technique::named(name).map_or(RequestShape::Plain, |technique| technique.shape)
}

/// Whether nobody at all should get anything by it, the owner included.
pub(super) fn is_for_nobody(name: &str) -> bool {
    name == EXPIRED_LINK.name
}

/// The temperament of a control, which has none of its own in the ledger.
pub(super) fn temperament_of(name: &str) -> Temperament {
    match Technique::named(name) {
        Some(technique) => technique.temperament,
        None if name == IN_PASSING => Temperament::Ordinary,
        None => Temperament::Curious,
    }
}
