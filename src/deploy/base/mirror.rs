//! The mirror that this host's own packages come from: where only one mirror is reached, it is that one.

use std::fs;
use std::path::PathBuf;

/// The host's mirror, when the host is a Debian and says so; else the programs take their own default.
pub(super) fn host_mirror() -> Option<String> {
    let system = fs::read_to_string("/etc/os-release").ok()?;
    let codename =
        value(&system, "VERSION_CODENAME").filter(|_| value(&system, "ID").as_deref() == Some("debian"))?;
    let mut files: Vec<PathBuf> = fs::read_dir("/etc/apt/sources.list.d")
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    // The distribution's own file first: others may offer a suite of the same name.
    files.sort_by_key(|path| (path.file_stem().is_none_or(|stem| stem != "debian"), path.clone()));
    files.insert(0, PathBuf::from("/etc/apt/sources.list"));
    files
        .into_iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .find_map(|text| mirror_in(&text, &codename))
}

/// The value of a `KEY=value` line.
fn value(text: &str, key: &str) -> Option<String> {
    let line = text
        .lines()
        .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))?;
    Some(line.trim().trim_matches('"').to_owned())
}

/// The address that serves `codename main`, in either of apt's forms.
fn mirror_in(text: &str, codename: &str) -> Option<String> {
    one_line(text, codename).or_else(|| text.split("\n\n").find_map(|stanza| in_stanza(stanza, codename)))
}

/// `deb [options] ADDRESS SUITE COMPONENT…`
fn one_line(text: &str, codename: &str) -> Option<String> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb ")?.trim();
        let rest = if rest.starts_with('[') {
            rest.split_once(']')?.1
        } else {
            rest
        };
        let mut words = rest.split_whitespace();
        let address = words.next()?;
        let serves = words.next() == Some(codename) && words.any(|component| component == "main");
        (serves && over_http(address)).then(|| address.to_owned())
    })
}

/// `URIs:`, `Suites:` and `Components:` of one stanza.
fn in_stanza(stanza: &str, codename: &str) -> Option<String> {
    let field = |name: &str| {
        stanza
            .lines()
            .filter(|line| !line.starts_with('#'))
            .find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then_some(value)
            })
    };
    let has =
        |name, word| field(name).is_some_and(|value| value.split_whitespace().any(|found| found == word));
    let address = field("URIs")?.split_whitespace().next()?;
    (has("Types", "deb") && has("Suites", codename) && has("Components", "main") && over_http(address))
        .then(|| address.to_owned())
}

/// A container cannot reach a mirror on the host's disk.
fn over_http(address: &str) -> bool {
    address.starts_with("http://") || address.starts_with("https://")
}

#[cfg(test)]
mod tests {
    use super::{mirror_in, value};

    #[test]
    fn is_read_from_both_forms() {
        let lines = "# deb http://old.test/debian bookworm main\ndeb [signed-by=/k arch=amd64] http://mirror.test/debian bookworm main contrib\n";
        assert_eq!(
            mirror_in(lines, "bookworm").as_deref(),
            Some("http://mirror.test/debian")
        );
        let stanzas = "Types: deb\nURIs: http://security.test/debian\nSuites: bookworm-security\nComponents: main\n\n\
                       Types: deb\n# was http://old.test\nURIs: http://mirror.test/debian\nSuites: bookworm bookworm-updates\nComponents: main\n";
        assert_eq!(
            mirror_in(stanzas, "bookworm").as_deref(),
            Some("http://mirror.test/debian")
        );
    }

    #[test]
    fn others_packages_are_not_the_mirror() {
        let others = "deb http://tools.test/apt tools-bookworm main\ndeb http://tools.test/apt bookworm stable\ndeb-src http://a.test bookworm main\n";
        assert_eq!(mirror_in(others, "bookworm"), None);
        assert_eq!(mirror_in("deb file:/media/disc bookworm main", "bookworm"), None);
    }

    #[test]
    fn the_system_is_named_with_or_without_quotes() {
        let text = "ID=debian\nVERSION_CODENAME=\"trixie\"\nID_LIKE=x\n";
        assert_eq!(value(text, "ID").as_deref(), Some("debian"));
        assert_eq!(value(text, "VERSION_CODENAME").as_deref(), Some("trixie"));
    }
}
