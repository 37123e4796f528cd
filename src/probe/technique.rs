//! Techniques: what a temperament does at a surface.

use crate::ledger::Temperament;

/// One concrete thing that a temperament does at a surface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Technique {
    /// Its name in the ledger and in reports.
    pub name: &'static str,
    /// Who would do it.
    pub temperament: Temperament,
    /// What it is, and what a real incident of it looks like.
    pub about: &'static str,
}

/// Looks at one's own list or page.
pub const LOOK: Technique = Technique {
    name: "look",
    temperament: Temperament::Ordinary,
    about: "pages through one's own list; June 2020: it held other patients' recordings",
};
/// Opens what one's own list offers.
pub const OPEN_WHAT_IS_LISTED: Technique = Technique {
    name: "open-what-is-listed",
    temperament: Temperament::Ordinary,
    about: "opens an item that one's own list offers; June 2020: one patient opened the beginning of another's recording",
};
/// Listens to one's own events.
pub const LISTEN: Technique = Technique {
    name: "listen",
    temperament: Temperament::Ordinary,
    about: "keeps one's own stream of events open while others have something to be told of, as an app does that is left open",
};
/// Uses a link that was handed out earlier.
pub const KEEP_USING_A_LINK: Technique = Technique {
    name: "keep-using-a-link",
    temperament: Temperament::Ordinary,
    about: "opens a link again that was handed out before the world changed, as a bookmark or an open tab does",
};
/// Puts another's id where one's own belongs.
pub const SWAP_ID: Technique = Technique {
    name: "swap-id",
    temperament: Temperament::Curious,
    about: "puts the id of somebody else's recording into one's own request",
};
/// The same with a byte range.
pub const ASK_FOR_A_RANGE: Technique = Technique {
    name: "ask-for-a-range",
    temperament: Temperament::Curious,
    about: "asks for the first bytes of somebody else's media only, as a player does that seeks",
};
/// The same with `HEAD`.
pub const ASK_FOR_HEAD: Technique = Technique {
    name: "ask-for-head",
    temperament: Temperament::Curious,
    about: "asks for the headers of somebody else's media only: its size, its file name, its ETag",
};
/// Uses a link that was made for another.
pub const USE_ANOTHERS_LINK: Technique = Technique {
    name: "use-anothers-link",
    temperament: Temperament::Curious,
    about: "opens a link that was made for somebody else, as one finds it in a forwarded message or a shared device",
};
/// Without credentials.
pub const WITHOUT_SIGNING_IN: Technique = Technique {
    name: "without-signing-in",
    temperament: Temperament::Curious,
    about: "sends the request without any credentials",
};
/// With credentials that nobody ever held.
pub const WITH_WRONG_CREDENTIALS: Technique = Technique {
    name: "with-wrong-credentials",
    temperament: Temperament::Hostile,
    about: "sends the request with made-up credentials of the right form; where they are only looked for and not checked, anything goes",
};
/// Uses a link whose time is over.
pub const USE_EXPIRED_LINK: Technique = Technique {
    name: "use-expired-link",
    temperament: Temperament::Curious,
    about: "opens a link when the time is over that it was good for, as one finds it in a history, a log or a mailbox",
};
/// With a session that was signed out.
pub const OLD_SESSION: Technique = Technique {
    name: "old-session",
    temperament: Temperament::Curious,
    about: "sends the request with the credentials of a session that was signed out, as the next person on a shared device can",
};
/// Alters one's own link.
pub const SWAP_ID_IN_OWN_LINK: Technique = Technique {
    name: "swap-id-in-own-link",
    temperament: Temperament::Hostile,
    about: "takes a signed link to one's own recording and puts another's id into it",
};
/// Changes somebody else's recording.
pub const CHANGE_ANOTHERS: Technique = Technique {
    name: "change-anothers",
    temperament: Temperament::Hostile,
    about: "changes somebody else's recording; judged by its owner reading it back",
};

/// Asks for an address that its owner came to by following links.
pub const OPEN_WHAT_WAS_FOUND: Technique = Technique {
    name: "open-what-was-found",
    temperament: Temperament::Curious,
    about: "asks for an address that its owner came to by following links: an export or a preview that nobody thought of",
};

/// All of them.
pub const CATALOGUE: [Technique; 15] = [
    LOOK,
    OPEN_WHAT_IS_LISTED,
    LISTEN,
    KEEP_USING_A_LINK,
    SWAP_ID,
    ASK_FOR_A_RANGE,
    ASK_FOR_HEAD,
    USE_ANOTHERS_LINK,
    WITHOUT_SIGNING_IN,
    WITH_WRONG_CREDENTIALS,
    OLD_SESSION,
    USE_EXPIRED_LINK,
    SWAP_ID_IN_OWN_LINK,
    CHANGE_ANOTHERS,
    OPEN_WHAT_WAS_FOUND,
];
