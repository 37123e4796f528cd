//! The visitor with wrong credentials: a second kind of nobody, who carries something of the right form that nobody ever held.

use super::context::ProbeContext;
use crate::http::Credentials;

/// What the visitor carries: what somebody of these people does, with every value made up. None where that is nothing, or
/// where it would be somebody's right credentials.
pub(super) async fn keys(scene: &ProbeContext<'_>) -> Option<Credentials> {
    let site = scene.site();
    for recording in scene.recordings {
        let owner = &recording.owner;
        let Ok(wrong) = owner.wrong_keys(site) else {
            continue;
        };
        let right = owner.keys(site, None).await.unwrap_or_default();
        if wrong != Credentials::none() && wrong != right {
            return Some(wrong);
        }
    }
    None
}
