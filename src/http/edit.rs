//! A step that sets one value in a JSON file: the text is written anew beside it with that value, everything else as it was, and
//! takes its place at once.

use super::json_text::replaced;
use serde_json::Value as Json;
use std::io::Write as _;
use std::path::Path;

/// Sets the value at a JSON pointer (RFC 6901).
///
/// # Errors
/// With the reason why the file is as it was.
pub(super) fn edit(path: &Path, pointer: &str, value: Json) -> Result<(), String> {
    // a link stays one: what it leads to is written
    let path = path.canonicalize().map_err(|error| error.to_string())?;
    let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
    let mut document: Json =
        serde_json::from_str(&text).map_err(|error| format!("it is not JSON: {error}"))?;
    let changed = {
        let inserted = value.to_string();
        set(&mut document, pointer, value)?;
        replaced(&text, &names(pointer), &inserted)
            .ok_or_else(|| format!("`{pointer}` cannot be found in its text"))?
    };
    if changed == text {
        return Ok(());
    }
    let directory = path.parent().unwrap_or(Path::new("/"));
    let permissions = std::fs::metadata(&path)
        .map_err(|error| error.to_string())?
        .permissions();
    let write = || -> std::io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(directory)?;
        file.write_all(changed.as_bytes())?;
        // the stack, which may run as somebody else, could read the old one
        file.as_file().set_permissions(permissions.clone())?;
        file.persist(&path)?;
        Ok(())
    };
    write().map_err(|error| format!("it cannot be written: {error}"))
}

/// What a JSON pointer leads through.
fn names(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(plain).collect()
}

fn plain(name: &str) -> String {
    name.replace("~1", "/").replace("~0", "~")
}

fn set(document: &mut Json, pointer: &str, value: Json) -> Result<(), String> {
    if pointer.is_empty() {
        *document = value;
        return Ok(());
    }
    let Some((parent, last)) = pointer.rsplit_once('/') else {
        return Err(format!("`{pointer}` is not a JSON pointer: it begins with `/`"));
    };
    if !parent.is_empty() && !parent.starts_with('/') {
        return Err(format!("`{pointer}` is not a JSON pointer: it begins with `/`"));
    }
    let name = plain(last);
    let shown = if parent.is_empty() { "the document" } else { parent };
    let holder = document
        .pointer_mut(parent)
        .ok_or_else(|| format!("there is no `{parent}` in it, so `{name}` cannot be set there"))?;
    match holder {
        Json::Object(fields) => {
            fields.insert(name, value);
            Ok(())
        }
        Json::Array(items) if name == "-" => {
            items.push(value);
            Ok(())
        }
        Json::Array(items) => {
            let length = items.len();
            let item = name
                .parse::<usize>()
                .ok()
                .and_then(|index| items.get_mut(index))
                .ok_or_else(|| {
                    format!("`{name}` is no item of the list `{shown}`, which has {length}; `-` adds one")
                })?;
            *item = value;
            Ok(())
        }
        _ => Err(format!(
            "`{shown}` is neither an object nor a list, so `{name}` cannot be set in it"
        )),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_is_set_where_the_pointer_leads() {
        let mut document = json!({"flags": {"a/b": {"default~": "off"}}, "list": [1, 2]});
        set(&mut document, "/flags/a~1b/default~0", json!("on")).unwrap();
        set(&mut document, "/flags/new", json!(true)).unwrap();
        set(&mut document, "/list/1", json!(3)).unwrap();
        set(&mut document, "/list/-", json!(4)).unwrap();
        assert_eq!(
            document,
            json!({"flags": {"a/b": {"default~": "on"}, "new": true}, "list": [1, 3, 4]})
        );
        set(&mut document, "", json!(null)).unwrap();
        assert_eq!(document, json!(null));
    }

    #[test]
    fn where_it_leads_nowhere_the_message_says_where() {
        let document = json!({"flags": {"x": 1}, "list": [1]});
        for (pointer, wanted) in [
            ("/flgs/x", "no `/flgs`"),
            ("/flags/x/y", "neither an object nor a list"),
            ("/list/7", "no item of the list `/list`, which has 1"),
            ("flags", "begins with `/`"),
            ("flags/x", "begins with `/`"),
        ] {
            let error = set(&mut document.clone(), pointer, json!(1)).unwrap_err();
            assert!(error.contains(wanted), "{pointer}: {error}");
        }
    }

    #[test]
    fn the_file_is_replaced_at_once_and_stays_readable_as_it_was() {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flags.json");
        std::fs::write(&path, "{\"b\": 1.0,\n \"on\": false, \"a\": [ ]}").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        let before = std::fs::metadata(&path).unwrap().ino();
        edit(&path, "/on", json!(true)).unwrap();
        let after = std::fs::metadata(&path).unwrap();
        assert_ne!(after.ino(), before, "it was written in place");
        assert_eq!(after.permissions().mode() & 0o777, 0o644);
        let read = std::fs::read_to_string(&path).unwrap();
        assert_eq!(read, "{\"b\": 1.0,\n \"on\": true, \"a\": [ ]}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(edit(&folder.path().join("none.json"), "/on", json!(true)).is_err());
        assert!(edit(&path, "/none/x", json!(true)).is_err());
    }
}
