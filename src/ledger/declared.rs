//! What the profile says beforehand, and the judge has to know.

use super::facts::Extent;
use serde::{Deserialize, Serialize};

/// Something that is excepted: it makes no verdict worse, and is told in every report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The surface; `*`: every one that changes nothing.
    pub surface: String,
    /// Who may, in words.
    pub who: String,
    /// To whom it applies: `anyone` (also when empty), `nobody`, `wrong-credentials`, a role, or a relation to the owner.
    pub to: Vec<String>,
    /// Only with this technique.
    pub technique: Option<String>,
    /// Only up to this extent.
    pub extent: Option<Extent>,
    /// Why.
    pub reason: String,
}

/// A role without a person: at surfaces where none of the people has a right to anything, what it is shown is what is to be had there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Its name in the profile, and in exchanges.
    pub role: String,
}

/// What two people can have in common.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedAttribute {
    /// Its name in the profile.
    pub name: String,
    /// How it reads after a name: `is of the same practice`.
    pub reads: String,
}

/// The surfaces that show recordings in lists: what stands there is an item, also on a page that is not the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lists {
    /// Their names in the profile.
    pub surfaces: Vec<String>,
}
