//! The table of decisions on the way to a base image.

use super::make::Maker;
use super::{Facts, Step, next};

/// Not here, refused by the registry, may be made; nothing to make it with.
fn bare() -> Facts {
    Facts {
        refused: Some("no route to the registry".to_owned()),
        may_make: true,
        ..Facts::default()
    }
}

fn gives_up(facts: &Facts) -> String {
    match next(facts) {
        Step::GiveUp { tried, mend } => format!("{tried}; {mend}"),
        other => format!("does not give up, but: {other:?}"),
    }
}

#[test]
fn what_is_here_is_used() {
    assert_eq!(
        next(&Facts {
            present: true,
            ..bare()
        }),
        Step::Use
    );
    assert_eq!(
        next(&Facts {
            present: true,
            may_make: false,
            refused: None,
            ..bare()
        }),
        Step::Use
    );
}

#[test]
fn the_registry_comes_first() {
    assert_eq!(
        next(&Facts {
            refused: None,
            mmdebstrap: true,
            ..bare()
        }),
        Step::Pull
    );
    assert_eq!(
        next(&Facts {
            refused: None,
            may_make: false,
            ..bare()
        }),
        Step::Pull
    );
}

#[test]
fn mmdebstrap_before_debootstrap() {
    assert_eq!(
        next(&Facts {
            mmdebstrap: true,
            ..bare()
        }),
        Step::Make(Maker::Mmdebstrap)
    );
    assert_eq!(
        next(&Facts {
            mmdebstrap: true,
            debootstrap: true,
            root: true,
            ..bare()
        }),
        Step::Make(Maker::Mmdebstrap)
    );
    assert_eq!(
        next(&Facts {
            debootstrap: true,
            root: true,
            ..bare()
        }),
        Step::Make(Maker::Debootstrap)
    );
}

#[test]
fn root_on_a_debian_installs_what_is_missing_once() {
    let facts = Facts {
        root: true,
        debian: true,
        ..bare()
    };
    assert_eq!(next(&facts), Step::Install);
    let tried = gives_up(&Facts {
        not_installed: Some("no space left".to_owned()),
        ..facts
    });
    assert!(tried.contains("no space left"), "{tried}");
}

#[test]
fn nobody_else_installs_anything() {
    let user = gives_up(&Facts {
        debian: true,
        debootstrap: true,
        ..bare()
    });
    assert!(
        user.contains("no route to the registry") && user.ends_with("`apt-get install mmdebstrap` as root"),
        "{user}"
    );
    let elsewhere = gives_up(&Facts { root: true, ..bare() });
    assert!(elsewhere.contains("docker load"), "{elsewhere}");
}

#[test]
fn no_bootstrap_forbids_all_making() {
    let facts = Facts {
        may_make: false,
        mmdebstrap: true,
        debootstrap: true,
        root: true,
        debian: true,
        ..bare()
    };
    let said = gives_up(&facts);
    assert!(said.contains("`--no-bootstrap` forbids"), "{said}");
}
