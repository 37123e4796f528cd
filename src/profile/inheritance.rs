//! A profile that says only what is different in it: `[target] extends = "other.toml"`, or a list of files.
//!
//! The tables of all are merged deep, and the file's own values win; of a list, a later file's. To keep each place of all, the texts
//! are put one after the other: a place beyond the end of the first text is one in the second, and a mistake is shown in the file that
//! it stands in.

use super::error::ProfileError;
use std::ops::Range;
use std::path::{Path, PathBuf};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A profile may be made of so many files.
const MOST_FILES: usize = 16;

/// The texts that a profile is made of: the file itself first, and each before those that it wins over.
#[derive(Debug)]
pub(super) struct Inheritance {
    files: Vec<InheritedFile>,
}

/// One file.
#[derive(Debug)]
struct InheritedFile {
    name: String,
    /// Where its text begins in the whole.
    begins: usize,
    /// Its text, after as many line ends as there are bytes before it, so that each value has its place in the whole.
    padded: String,
}

impl InheritedFile {
    fn text(&self) -> &str {
        self.padded.get(self.begins..).unwrap_or_default()
    }
}

impl Inheritance {
    /// The file and all those that it is like.
    ///
    /// # Errors
    /// When one of them cannot be read, or they go round in a circle.
    pub(super) fn of(name: &str, text: &str) -> Result<Self, ProfileError> {
        let mut all = Self { files: Vec::new() };
        all.add(name.to_owned(), text);
        all.follow(&[name.to_owned()])?;
        Ok(all)
    }

    /// Adds what the last file is like. `line` are the names of the files that led to it, its own included.
    fn follow(&mut self, line: &[String]) -> Result<(), ProfileError> {
        let last = line.last().map_or("", String::as_str);
        // the later one wins, and so comes first
        for (other, place) in self.likes()?.into_iter().rev() {
            let path = relative_path(last, &other);
            let shown = path.display().to_string();
            let wrong = |why: String| {
                let hint = Some("it counts from the file that names it".to_owned());
                self.placed(ProfileError::in_text(place.clone(), why, hint))
            };
            if line.contains(&shown) {
                return Err(wrong(format!("`{shown}` includes itself")));
            }
            if self.files.len() == MOST_FILES {
                return Err(wrong(format!(
                    "`{shown}` is one file too many: {MOST_FILES} may be put together"
                )));
            }
            let found = std::fs::read_to_string(&path)
                .map_err(|error| wrong(format!("`{shown}` cannot be read: {error}")))?;
            self.add(shown.clone(), &found);
            self.follow(&[line, &[shown]].concat())?;
        }
        Ok(())
    }

    fn add(&mut self, name: String, text: &str) {
        let begins = self.files.last().map_or(0, |file| file.padded.len() + 1);
        let padded = format!("{}{text}", "\n".repeat(begins));
        self.files.push(InheritedFile { name, begins, padded });
    }

    /// What the last file is like, and where it says so.
    fn likes(&self) -> Result<Vec<(String, Range<usize>)>, ProfileError> {
        let Some(last) = self.files.last() else {
            return Ok(Vec::new());
        };
        let table = self.read(last)?;
        let like = table
            .get("target")
            .and_then(|target| target.get_ref().as_table()?.get("extends"));
        let list = match like.map(Spanned::get_ref) {
            Some(DeValue::Array(list)) => list.iter().collect(),
            _ => like.into_iter().collect::<Vec<_>>(),
        };
        // what is no text is told when the whole is read
        Ok(list
            .into_iter()
            .filter_map(|one| Some((one.get_ref().as_str()?.to_owned(), one.span())))
            .collect())
    }

    /// All files as one table, with places in the whole.
    ///
    /// # Errors
    /// When one of them is no TOML.
    pub(super) fn table(&self) -> Result<Spanned<DeTable<'_>>, ProfileError> {
        let mut merged = DeTable::new();
        for file in self.files.iter().rev() {
            merge(&mut merged, self.read(file)?);
        }
        let end = self.files.first().map_or(0, |own| own.padded.len());
        Ok(Spanned::new(0..end, merged))
    }

    fn read<'a>(&self, file: &'a InheritedFile) -> Result<DeTable<'a>, ProfileError> {
        let read = DeTable::parse(&file.padded)
            .map_err(|error| self.placed(ProfileError::from_toml("", "", &error)));
        Ok(read?.into_inner())
    }

    /// A mistake, shown in the file that it stands in.
    pub(super) fn placed(&self, error: ProfileError) -> ProfileError {
        let start = error.start();
        let file = self.files.iter().rfind(|file| file.begins <= start);
        match file.or(self.files.first()) {
            Some(file) => error.shown_in(&file.name, file.text(), file.begins),
            None => error,
        }
    }
}

/// A file that counts from where another one is.
fn relative_path(name: &str, other: &str) -> PathBuf {
    let folder = Path::new(name).parent();
    folder.map_or_else(|| PathBuf::from(other), |folder| folder.join(other))
}

/// Tables are merged; of everything else there is one, and the own one wins.
fn merge<'a>(all: &mut DeTable<'a>, own: DeTable<'a>) {
    for (key, value) in own {
        match (
            all.get_mut(key.get_ref().as_ref()).map(Spanned::get_mut),
            value.get_ref(),
        ) {
            (Some(DeValue::Table(inner)), DeValue::Table(_)) => {
                if let DeValue::Table(table) = value.into_inner() {
                    merge(inner, table);
                }
            }
            _ => {
                // with the key's own place, which an entry that is there already would keep
                all.remove(key.get_ref().as_ref());
                all.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
mod tests {
    use crate::profile::Profile;
    use std::path::Path;

    const OTHER: &str = "[target]\nname = \"other\"\n[base]\napi = \"http://127.0.0.1:1\"\nmedia = \"http://127.0.0.1:2\"\n\
        [role.patient]\nlogin = [{ request = \"POST /login\" }]\n[role.admin]\n[surface.item]\nrequest = \"GET /items/1\"\n";

    fn write(folder: &Path, name: &str, text: &str) {
        std::fs::write(folder.join(name), text).unwrap();
    }

    /// How a mistake in `own.toml` is shown.
    fn display_path(folder: &Path) -> String {
        let error = Profile::read(&folder.join("own.toml")).unwrap_err();
        let shown = format!("{:?}", miette::Report::new(error));
        shown.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_is_said_wins_and_the_rest_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "other.toml", OTHER);
        let own = "[target]\nextends = \"other.toml\"\nname = \"own\"\n[base]\nmedia = \"http://127.0.0.1:3\"\n\
            [role.patient]\nlogin = []\n[surface.list]\nrequest = \"GET /items\"\n";
        write(folder.path(), "own.toml", own);
        let profile = Profile::read(&folder.path().join("own.toml")).unwrap();
        assert_eq!(profile.target.name, "own");
        assert_eq!(profile.base["api"].as_str(), "http://127.0.0.1:1");
        assert_eq!(profile.base["media"].as_str(), "http://127.0.0.1:3");
        assert!(profile.role["patient"].login.is_empty() && profile.role.contains_key("admin"));
        assert_eq!(profile.surface.len(), 2);
        assert_eq!(profile.directory, folder.path());
    }

    #[test]
    fn of_a_list_the_later_file_wins_and_what_two_of_them_are_like_is_no_circle() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), "other.toml", OTHER);
        for (name, port, own) in [("one", 3, "[role.one]\n"), ("two", 4, "[role.two]\n")] {
            let text = format!(
                "[target]\nextends = \"other.toml\"\n[base]\nmedia = \"http://127.0.0.1:{port}\"\n{own}[surface.item]\nhead = true\n"
            );
            write(folder.path(), &format!("{name}.toml"), &text);
        }
        write(
            folder.path(),
            "own.toml",
            "[target]\nextends = [\"one.toml\", \"two.toml\"]\n",
        );
        let profile = Profile::read(&folder.path().join("own.toml")).unwrap();
        assert_eq!(profile.target.name, "other");
        assert_eq!(profile.base["media"].as_str(), "http://127.0.0.1:4");
        assert!(
            ["one", "two", "admin"]
                .iter()
                .all(|role| profile.role.contains_key(*role))
        );
        assert!(profile.surface["item"].head);
        write(
            folder.path(),
            "own.toml",
            "[target]\nextends = [\"other.toml\", \"nowhere.toml\"]\n",
        );
        let missing = display_path(folder.path());
        assert!(
            missing.contains("own.toml:2:") && missing.contains("nowhere.toml` cannot"),
            "{missing}"
        );
        write(
            folder.path(),
            "own.toml",
            "[target]\nextends = [\"other.toml\", 5]\n",
        );
        let number = display_path(folder.path());
        assert!(number.contains("own.toml:2:"), "{number}");
    }

    #[test]
    fn a_mistake_is_shown_in_the_file_that_it_stands_in() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            "own.toml",
            "[target]\nextends = \"other.toml\"\n[surface.list]\nbase = \"nowhere\"\nrequest = \"GET /items\"\n",
        );
        write(folder.path(), "other.toml", OTHER);
        let own = display_path(folder.path());
        assert!(
            own.contains("own.toml:4:") && own.contains("base = \"nowhere\""),
            "{own}"
        );
        write(
            folder.path(),
            "other.toml",
            &OTHER.replace("GET /items/1", "items"),
        );
        write(folder.path(), "own.toml", "[target]\nextends = \"other.toml\"\n");
        let other = display_path(folder.path());
        assert!(
            other.contains("other.toml:10:") && other.contains("request = \"items\""),
            "{other}"
        );
        write(
            folder.path(),
            "other.toml",
            &OTHER.replace("[role.admin]", "[rol.admin]"),
        );
        let field = display_path(folder.path());
        assert!(
            field.contains("other.toml:8:") && field.contains("did you mean `role`?"),
            "{field}"
        );
        write(folder.path(), "other.toml", "[target\n");
        assert!(display_path(folder.path()).contains("other.toml:1:"));
    }

    #[test]
    fn a_file_that_is_not_there_and_a_circle_are_told() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            "own.toml",
            "[target]\nextends = \"nowhere.toml\"\n",
        );
        assert!(display_path(folder.path()).contains("own.toml:2:"));
        let missing = Profile::read(&folder.path().join("own.toml"))
            .unwrap_err()
            .to_string();
        assert!(missing.contains("nowhere.toml` cannot be read"), "{missing}");
        write(folder.path(), "own.toml", "[target]\nextends = \"own.toml\"\n");
        let circle = Profile::read(&folder.path().join("own.toml"))
            .unwrap_err()
            .to_string();
        assert!(circle.contains("includes itself"), "{circle}");
    }

    #[test]
    fn secrets_are_looked_up_in_all_files() {
        let folder = tempfile::tempdir().unwrap();
        write(
            folder.path(),
            "other.toml",
            &OTHER.replace("POST /login", "POST /{{ env.BYSTANDER_TEST_NOT_SET }}"),
        );
        write(folder.path(), "own.toml", "[target]\nextends = \"other.toml\"\n");
        let error = display_path(folder.path());
        assert!(
            error.contains("BYSTANDER_TEST_NOT_SET` is not set") && error.contains("other.toml:7:"),
            "{error}"
        );
    }
}
