//! The ways in which the small server can be wrong, or only look wrong.

/// How the small server behaves. `Sound` and fifteen others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// As it should.
    Sound,
    /// The list holds everybody's records.
    ListUnscoped,
    /// The list holds everybody's records while group visits are on.
    ListUnscopedAfterSwitch,
    /// One's own record has somebody else's inside, as base64.
    ForeignInsideOwn,
    /// The search looks through everybody's records.
    SearchLeak,
    /// A record is handed to anybody who is signed in.
    MetadataUnchecked,
    /// Its video is.
    MediaUnchecked,
    /// A part of its video is.
    RangeUnchecked,
    /// The refusal shows the record that is refused.
    RefusalShowsRecord,
    /// The same, as base64.
    RefusalShowsBase64,
    /// A header of "not found" names what was looked for.
    NotFoundNamesIt,
    /// The export, a gzip file, is handed to anybody who is signed in.
    ExportUnchecked,
    /// A cache before the server keeps records by their address, whoever asks.
    CacheIgnoresUser,
    /// Refuses as it should, but with 200. No mistake.
    DeniedWith200,
    /// Nobody can sign in. Nothing can be known.
    SignInDown,
    /// Owners do not get their own records. Nothing can be known.
    OwnNotFound,
}

/// Every mode with its name on the command line.
pub(crate) const MODES: [(&str, Mode); 16] = [
    ("sound", Mode::Sound),
    ("list-unscoped", Mode::ListUnscoped),
    ("list-unscoped-after-switch", Mode::ListUnscopedAfterSwitch),
    ("foreign-inside-own", Mode::ForeignInsideOwn),
    ("search-leak", Mode::SearchLeak),
    ("metadata-unchecked", Mode::MetadataUnchecked),
    ("media-unchecked", Mode::MediaUnchecked),
    ("range-unchecked", Mode::RangeUnchecked),
    ("refusal-shows-record", Mode::RefusalShowsRecord),
    ("refusal-shows-base64", Mode::RefusalShowsBase64),
    ("not-found-names-it", Mode::NotFoundNamesIt),
    ("export-unchecked", Mode::ExportUnchecked),
    ("cache-ignores-user", Mode::CacheIgnoresUser),
    ("denied-with-200", Mode::DeniedWith200),
    ("sign-in-down", Mode::SignInDown),
    ("own-not-found", Mode::OwnNotFound),
];

impl Mode {
    /// The mode of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        MODES
            .iter()
            .find_map(|(known, mode)| (*known == name).then_some(*mode))
    }
}
