//! The table of decisions on the way to a base image.

use super::make::BootstrapTool;
use super::{BaseImageFacts, BaseImageStep, next};

/// Not here, refused by the registry, may be made; nothing to make it with.
fn bare() -> BaseImageFacts {
    BaseImageFacts {
        refused: Some("no route to the registry".to_owned()),
        may_make: true,
        ..BaseImageFacts::default()
    }
}

fn gives_up(facts: &BaseImageFacts) -> String {
    match next(facts) {
        BaseImageStep::GiveUp { tried, mend } => format!("{tried}; {mend}"),
        other => format!("does not give up, but: {other:?}"),
    }
}

#[test]
fn what_is_here_is_used() {
    assert_eq!(
        next(&BaseImageFacts {
            present: true,
            ..bare()
        }),
        BaseImageStep::Use
    );
    assert_eq!(
        next(&BaseImageFacts {
            present: true,
            may_make: false,
            refused: None,
            ..bare()
        }),
        BaseImageStep::Use
    );
}

#[test]
fn the_registry_comes_first() {
    assert_eq!(
        next(&BaseImageFacts {
            refused: None,
            mmdebstrap: true,
            ..bare()
        }),
        BaseImageStep::Pull
    );
    assert_eq!(
        next(&BaseImageFacts {
            refused: None,
            may_make: false,
            ..bare()
        }),
        BaseImageStep::Pull
    );
}

#[test]
fn mmdebstrap_before_debootstrap() {
    assert_eq!(
        next(&BaseImageFacts {
            mmdebstrap: true,
            ..bare()
        }),
        BaseImageStep::Make(BootstrapTool::Mmdebstrap)
    );
    assert_eq!(
        next(&BaseImageFacts {
            mmdebstrap: true,
            debootstrap: true,
            root: true,
            ..bare()
        }),
        BaseImageStep::Make(BootstrapTool::Mmdebstrap)
    );
    assert_eq!(
        next(&BaseImageFacts {
            debootstrap: true,
            root: true,
            ..bare()
        }),
        BaseImageStep::Make(BootstrapTool::Debootstrap)
    );
}

#[test]
fn root_on_a_debian_installs_what_is_missing_once() {
    let facts = BaseImageFacts {
        root: true,
        debian: true,
        ..bare()
    };
    assert_eq!(next(&facts), BaseImageStep::Install);
    let tried = gives_up(&BaseImageFacts {
        not_installed: Some("no space left".to_owned()),
        ..facts
    });
    assert!(tried.contains("no space left"), "{tried}");
}

#[test]
fn nobody_else_installs_anything() {
    let user = gives_up(&BaseImageFacts {
        debian: true,
        debootstrap: true,
        ..bare()
    });
    assert!(
        user.contains("no route to the registry") && user.ends_with("`apt-get install mmdebstrap` as root"),
        "{user}"
    );
    let elsewhere = gives_up(&BaseImageFacts { root: true, ..bare() });
    assert!(elsewhere.contains("docker load"), "{elsewhere}");
}

#[test]
fn no_bootstrap_forbids_all_making() {
    let facts = BaseImageFacts {
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
