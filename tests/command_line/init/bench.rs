//! A clinic on loopback, and the binary run on it with a profile that was just written.

use std::fs;
use std::path::{Path, PathBuf};

use bystander_clinic::embedded::Clinic;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::binary::{Ended, Trouble, ensure, start_in};

/// A running clinic and a directory.
pub(crate) struct Bench {
    pub(crate) runtime: Runtime,
    pub(crate) clinic: Clinic,
    place: TempDir,
}

/// One edited line: what stands there, and what stands there after.
pub(crate) type Edit = (&'static str, &'static str);

impl Bench {
    pub(crate) fn with(faults: &[&str]) -> Result<Self, Trouble> {
        let runtime = Runtime::new()?;
        let faults = faults
            .iter()
            .map(|id| id.parse())
            .collect::<Result<Vec<_>, _>>()?;
        let clinic = runtime.block_on(Clinic::start(&faults))?;
        Ok(Self {
            runtime,
            clinic,
            place: tempfile::tempdir()?,
        })
    }

    /// A file of its directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The address of the api.
    pub(crate) fn api(&self) -> String {
        self.clinic
            .addresses()
            .api
            .as_str()
            .trim_end_matches('/')
            .to_owned()
    }

    /// Runs the binary with what the profile reads from the environment.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Ended, Trouble> {
        let addresses = self.clinic.addresses();
        let (api, flags, objects) = (self.api(), addresses.flags.as_str(), addresses.objects.as_str());
        let environment = [
            ("API_ADDRESS", api.as_str()),
            ("FLAGS_ADDRESS", flags.trim_end_matches('/')),
            ("OTHER1_ADDRESS", flags.trim_end_matches('/')),
            ("MEDIA_ADDRESS", objects.trim_end_matches('/')),
            ("ADMIN_KEY", addresses.admin_key.reveal()),
            ("SERVICE_KEY", addresses.service_key.reveal()),
        ];
        start_in(tempfile::tempdir()?, arguments, &environment)?.wait()
    }

    /// Runs the built-in features with this profile: nothing may leak, and everything must have been judged.
    pub(crate) fn holds(&self, profile: &Path) -> Result<(), Trouble> {
        let ended = self.run(&["run", "--profile", &profile.display().to_string(), "--seed", "7"])?;
        ended.expect_code(0)?;
        let summary = ended.summary()?;
        let scenarios = summary["scenarios"].as_array().ok_or("no scenarios")?;
        let held = scenarios
            .iter()
            .filter(|scenario| scenario["verdict"] == "held")
            .count();
        ensure(held > 30, || {
            format!("only {held} scenarios held\n{}", ended.stdout)
        })
    }

    /// The same at a clinic that gives media to whoever is signed in: it must be seen, at the media.
    pub(crate) fn leaks_media(&self, profile: &Path) -> Result<(), Trouble> {
        let ended = self.run(&["run", "--profile", &profile.display().to_string(), "--seed", "7"])?;
        ended.expect_code(1)?;
        let summary = ended.summary()?;
        let findings = summary["findings"].as_array().ok_or("no findings")?;
        let at = |surface: &str| findings.iter().any(|finding| finding["surface"] == surface);
        ensure(at("media") && !at("item"), || ended.stdout.clone())
    }

    /// Writes a profile by `bystander init` with these arguments.
    pub(crate) fn init(&self, arguments: &[&str]) -> Result<(PathBuf, Ended), Trouble> {
        let out = self.file("bystander.toml");
        let out_text = out.display().to_string();
        let ended = self.run(&[&["init", "--force", "--out", &out_text], arguments].concat())?;
        ended.expect_code(0)?;
        Ok((out, ended))
    }
}

/// Edits a profile line by line, at most ten lines in all; every edit must find its line, and only one.
pub(crate) fn edit(profile: &Path, edits: &[Edit]) -> Result<(), Trouble> {
    let lines: usize = edits.iter().map(|(_, replace)| replace.lines().count()).sum();
    ensure(lines <= 10, || format!("{lines} edited lines are more than ten"))?;
    let mut text = fs::read_to_string(profile)?;
    for (find, replace) in edits {
        let found = text.matches(find).count();
        ensure(found == 1, || format!("`{find}` stands {found} times in\n{text}"))?;
        text = text.replacen(find, replace, 1);
    }
    fs::write(profile, text)?;
    Ok(())
}
