//! What names are likely to mean.

/// A name taken apart into small words in the singular: `clinicianIds` gives `clinician` and `id`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut small_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            small_before = false;
            continue;
        }
        if c.is_uppercase() && small_before {
            words.push(std::mem::take(&mut word));
        }
        small_before = c.is_lowercase() || c.is_ascii_digit();
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words
        .into_iter()
        .filter(|word| !word.is_empty())
        .map(|word| singular(&word))
        .collect()
}

/// `replays` gives `replay`, `studies` gives `study`.
pub(crate) fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if (stem.len() > 2 || stem == "id") && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// Whether the name has one of these words, or is one of them when its parts are put together.
pub(crate) fn says(name: &str, list: &[&str]) -> bool {
    let words = words(name);
    let whole = words.concat();
    list.iter()
        .any(|wanted| whole == *wanted || words.iter().any(|word| word == wanted))
}

/// Whether the name as a whole is one of these.
pub(crate) fn is(name: &str, list: &[&str]) -> bool {
    let whole = words(name).concat();
    list.contains(&whole.as_str())
}

pub(crate) const PASSWORD: &[&str] = &["password", "passwd", "pwd", "passphrase", "passcode"];
pub(crate) const TOKEN: &[&str] = &[
    "token",
    "accesstoken",
    "idtoken",
    "jwt",
    "sessiontoken",
    "authtoken",
    "sessionid",
    "bearer",
    "key",
    "apikey",
];
pub(crate) const SIGN_IN: &[&str] = &[
    "login",
    "signin",
    "session",
    "token",
    "auth",
    "authenticate",
    "authorize",
    "logon",
];
pub(crate) const SIGN_UP: &[&str] = &[
    "signup",
    "register",
    "registration",
    "user",
    "people",
    "person",
    "account",
    "member",
    "patient",
    "profile",
];
pub(crate) const SIGN_OUT: &[&str] = &["logout", "signout", "logoff", "signoff", "revoke"];
pub(crate) const ONESELF: &[&str] = &[
    "me",
    "self",
    "whoami",
    "userinfo",
    "current",
    "currentuser",
    "myself",
];
pub(crate) const EMAIL: &[&str] = &["email", "mail", "emailaddress"];
pub(crate) const USER: &[&str] = &[
    "user",
    "username",
    "login",
    "userid",
    "account",
    "identifier",
    "handle",
];
pub(crate) const NAME: &[&str] = &[
    "name",
    "fullname",
    "displayname",
    "firstname",
    "lastname",
    "givenname",
    "surname",
    "familyname",
    "realname",
];
pub(crate) const NHS: &[&str] = &["nhsnumber", "nhs"];
pub(crate) const PATIENT: &[&str] = &["patient", "member", "user", "customer", "client", "subscriber"];
pub(crate) const CLINICIAN: &[&str] = &[
    "clinician",
    "doctor",
    "gp",
    "practitioner",
    "provider",
    "therapist",
    "physician",
    "nurse",
    "consultant",
];
pub(crate) const ADMIN: &[&str] = &[
    "admin",
    "administrator",
    "root",
    "management",
    "operator",
    "staff",
];
pub(crate) const RECORDING: &[&str] = &["recording", "replay", "playback", "record"];
pub(crate) const MEDIA: &[&str] = &[
    "video",
    "audio",
    "media",
    "attachment",
    "document",
    "file",
    "clip",
    "study",
    "instance",
    "image",
];
pub(crate) const BOOKING: &[&str] = &[
    "consultation",
    "booking",
    "appointment",
    "visit",
    "encounter",
    "meeting",
    "call",
    "room",
    "session",
];
pub(crate) const JOIN: &[&str] = &["join", "start", "enter", "admit", "begin", "checkin", "connect"];
pub(crate) const SWITCH: &[&str] = &["modality", "switch", "mode", "channel", "upgrade", "downgrade"];
pub(crate) const END: &[&str] = &["end", "finish", "hangup", "close", "leave", "stop", "complete"];
pub(crate) const FINALISE: &[&str] = &[
    "finalise", "finalize", "complete", "finish", "commit", "publish", "ready", "process",
];
pub(crate) const MODALITY: &[&str] = &[
    "modality",
    "mode",
    "medium",
    "channel",
    "calltype",
    "consultationtype",
];
pub(crate) const SLOT: &[&str] = &["slot", "slotid"];
pub(crate) const WHEN: &[&str] = &[
    "start",
    "startat",
    "startsat",
    "startstime",
    "starttime",
    "scheduledat",
    "scheduledfor",
    "when",
    "time",
    "date",
    "at",
];
pub(crate) const TITLE: &[&str] = &["title", "label", "subject", "displayname", "caption", "headline"];
pub(crate) const NOTES: &[&str] = &[
    "note",
    "description",
    "summary",
    "comment",
    "remark",
    "metadata",
    "text",
    "body",
];
pub(crate) const FILE_NAME: &[&str] = &["filename", "originalname", "originalfilename"];
pub(crate) const LINK: &[&str] = &[
    "link",
    "share",
    "url",
    "signedurl",
    "downloadurl",
    "download",
    "presign",
    "presigned",
    "access",
];
pub(crate) const URL: &[&str] = &[
    "url",
    "href",
    "link",
    "signedurl",
    "downloadurl",
    "presignedurl",
    "location",
    "uri",
    "src",
    "mediaurl",
];
pub(crate) const ID: &[&str] = &["id", "uuid", "guid", "key", "identifier", "uid"];
pub(crate) const TOTAL: &[&str] = &[
    "total",
    "totalcount",
    "count",
    "totalitem",
    "totalresult",
    "totalrecord",
    "totalelement",
    "numfound",
];
pub(crate) const NEXT: &[&str] = &[
    "next",
    "nextcursor",
    "cursor",
    "nexttoken",
    "nextpagetoken",
    "nextpage",
    "continuation",
    "continuationtoken",
    "pagetoken",
    "endcursor",
];
pub(crate) const CURSOR: &[&str] = &[
    "cursor",
    "pagetoken",
    "nexttoken",
    "continuation",
    "continuationtoken",
    "marker",
    "after",
    "startafter",
    "pagecursor",
];
pub(crate) const PAGE: &[&str] = &["page", "pagenumber", "pageno", "pageindex"];
pub(crate) const OFFSET: &[&str] = &["offset", "skip", "start", "startindex", "from"];
pub(crate) const LIMIT: &[&str] = &[
    "limit",
    "pagesize",
    "perpage",
    "size",
    "count",
    "top",
    "maxresult",
    "take",
];
pub(crate) const NEWEST: &[&str] = &["latest", "recent", "newest", "last"];
pub(crate) const FLAG: &[&str] = &["flag", "feature", "featureflag", "toggle"];
pub(crate) const ENABLED: &[&str] = &["enabled", "on", "value", "active", "state", "isenabled"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("clinicianIds"), ["clinician", "id"]);
        assert_eq!(words("nhs_number"), ["nhs", "number"]);
        assert_eq!(words("access-token"), ["access", "token"]);
        assert_eq!(words("studies"), ["study"]);
        assert_eq!(words("status"), ["status"]);
        assert!(is("nextPageToken", NEXT) && !is("nextOfKin", NEXT));
        assert!(says("/v1/consultation_replays", RECORDING));
        assert!(!says("username", NAME) && is("fileName", FILE_NAME));
    }
}
