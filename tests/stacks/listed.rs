//! Tests that are functions, listed under their modules.

/// Tests that are functions of the modules here, each under its own name.
macro_rules! listed {
    ($($module:ident: $($name:ident),+;)+) => {
        vec![$($(crate::trials::trial(
            concat!(module_path!(), "::", stringify!($module)),
            stringify!($name),
            $module::$name,
        )),+),+]
    };
}

pub(crate) use listed;
