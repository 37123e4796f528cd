//! Who asks without rights of any kind: with wrong credentials, without any, and with a link whose time is over.

use super::*;
use bystander::judge::WRONG_CREDENTIALS;
use bystander::ledger::{OutcomeClass, Temperament};

fn visitor(twin: u64, change: impl Fn(Sent) -> Sent) -> Sent {
    let sent = Sent::probe(WRONG_CREDENTIALS, "media", &[(1, twin)]);
    change(sent.by("invalid-credentials", Temperament::Hostile))
}

#[test]
fn a_visitor_with_wrong_credentials_needs_no_session() {
    for (status, class) in [
        (401, OutcomeClass::NoSession),
        (403, OutcomeClass::Denied),
        (404, OutcomeClass::Denied),
    ] {
        let refused = probed(media_twin(), |twin| {
            visitor(twin, |sent| sent.status(status, class))
        });
        assert_eq!(refused.judge().verdict, HELD, "{status}");
    }
    let broken = probed(media_twin(), |twin| {
        visitor(twin, |sent| sent.status(500, OutcomeClass::Broken))
    });
    unclear(&broken, "the stack failed (500)");
}

#[test]
fn a_visitor_with_wrong_credentials_is_told_of_as_one() {
    let served = probed(media_twin(), |twin| {
        visitor(twin, |sent| sent.saw(1, Facet::Media).media(MEDIA_BYTES))
    });
    let finding = finding(&served);
    assert_eq!(
        finding.sentence,
        "Somebody with wrong credentials could fetch the whole of Ada's audio recording through `media` before anything had changed."
    );
    assert_eq!(finding.cwe, [287, 862]);
}

#[test]
fn a_name_gives_nobody_a_right() {
    let mut history = asked(Claim::NoOneElse);
    history.grant(1, WRONG_CREDENTIALS, "by mistake", false);
    let twin = history.send(media_twin());
    history.send(visitor(twin, |sent| sent.saw(1, Facet::Media).media(MEDIA_BYTES)));
    history.concluded(1).ran().finished();
    assert_eq!(history.judge().verdict, LEAKED);
}

#[test]
fn where_no_credentials_go_along_to_be_told_so_is_a_refusal() {
    let refused = |bare: bool| {
        probed(media_twin(), |twin| {
            let sent = Sent::probe("Ben", "media", &[(1, twin)]).status(401, OutcomeClass::NoSession);
            if bare { sent.bare() } else { sent }
        })
    };
    assert_eq!(refused(true).judge().verdict, HELD);
    unclear(&refused(false), "nobody was signed in");
}

fn expired(who: &str, change: impl Fn(Sent) -> Sent) -> History {
    let mut history = asked(Claim::NoOneElse);
    let twin = history.send(media_twin());
    let sent = Sent::probe(who, "media", &[(1, twin)]).by("expired-link", Temperament::Curious);
    history.send(change(sent));
    history.pulse("Ada");
    history.pulse("Ben");
    history.send(media_twin());
    history.concluded(1).ran().finished();
    history
}

#[test]
fn a_link_whose_time_is_over_opens_for_nobody_its_owner_included() {
    for who in ["Ada", "Ben", "nobody"] {
        let refused = expired(who, |sent| sent.status(403, OutcomeClass::Denied));
        assert_eq!(refused.judge().verdict, HELD, "{who}");
        let open = expired(who, |sent| sent.saw(1, Facet::Media).media(MEDIA_BYTES));
        let finding = finding(&open);
        assert!(
            finding.sentence.contains("a link that should have expired"),
            "{finding:#?}"
        );
        assert_eq!(finding.cwe, [672, 613]);
        unclear(&expired(who, Sent::served), "the response was not a refusal");
    }
    let dead = without(
        &expired("Ada", |sent| sent.status(403, OutcomeClass::Denied)),
        |entry| exchange_of(entry).is_some_and(|e| is_pulse(&e.part)),
    );
    unclear(&dead, "not confirmed valid afterwards");
    let never_opened = with(&expired("Ada", |sent| sent), is_twin, |e| e.seen.clear());
    unclear(&never_opened, "did not get it");
}
