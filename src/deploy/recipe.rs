//! What an image is made from, and the name that follows from it.

use sha2::{Digest as _, Sha256};

/// The files that an image of one part is built from. They are compiled in.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImageRecipe {
    /// The part of the stack.
    pub(super) part: &'static str,
    /// Name and content of each file; one of them is the `Dockerfile`.
    pub(super) files: &'static [(&'static str, &'static str)],
}

/// PostgreSQL with an initialised cluster.
pub(super) const DATABASE: ImageRecipe = ImageRecipe {
    part: "database",
    files: &[(
        "Dockerfile",
        include_str!("../../fixtures/clinic/images/database/Dockerfile"),
    )],
};
/// Valkey.
pub(super) const CACHE: ImageRecipe = ImageRecipe {
    part: "cache",
    files: &[(
        "Dockerfile",
        include_str!("../../fixtures/clinic/images/cache/Dockerfile"),
    )],
};
/// nginx. Its configuration is not part of the image.
pub(super) const GATEWAY: ImageRecipe = ImageRecipe {
    part: "gateway",
    files: &[(
        "Dockerfile",
        include_str!("../../fixtures/clinic/images/gateway/Dockerfile"),
    )],
};

/// FFmpeg, beside which our own executable runs.
pub(super) const RECORDER: ImageRecipe = ImageRecipe {
    part: "recorder",
    files: &[(
        "Dockerfile",
        include_str!("../../fixtures/clinic/images/recorder/Dockerfile"),
    )],
};
/// All of them.
pub(super) const ALL: [ImageRecipe; 4] = [DATABASE, CACHE, GATEWAY, RECORDER];

impl ImageRecipe {
    /// The image's repository.
    pub(super) fn repository(&self) -> String {
        format!("bystander/clinic-{}", self.part)
    }

    /// The image's tag: a hash of the files and of the base image, so that an image is never stale.
    pub(super) fn tag(&self, base: &str) -> String {
        let mut hash = Sha256::new();
        for piece in self
            .files
            .iter()
            .flat_map(|(name, content)| [*name, *content])
            .chain([base])
        {
            // With its length before it, no piece can pass for the end of another.
            hash.update((piece.len() as u64).to_be_bytes());
            hash.update(piece);
        }
        hex::encode(hash.finalize()).chars().take(12).collect()
    }

    /// The image's full name.
    pub(super) fn image(&self, base: &str) -> String {
        format!("{}:{}", self.repository(), self.tag(base))
    }

    /// The files as the engine takes them.
    ///
    /// # Errors
    /// When a file's name does not fit into an archive.
    pub(super) async fn context(&self) -> std::io::Result<Vec<u8>> {
        let mut archive = tokio_tar::Builder::new(Vec::new());
        for (name, content) in self.files {
            let mut header = tokio_tar::Header::new_gnu();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, content.as_bytes()).await?;
        }
        archive.into_inner().await
    }
}

#[cfg(test)]
mod tests {
    use super::{ALL, ImageRecipe};

    const ONE: ImageRecipe = ImageRecipe {
        part: "one",
        files: &[("Dockerfile", "FROM a\n"), ("b", "c")],
    };

    #[test]
    fn the_tag_follows_everything_that_goes_in() {
        let tags = [
            ONE.tag("base"),
            ONE.tag("another base"),
            ImageRecipe {
                files: &[("Dockerfile", "FROM b\n"), ("b", "c")],
                ..ONE
            }
            .tag("base"),
            ImageRecipe {
                files: &[("Dockerfile", "FROM a\n"), ("bc", "")],
                ..ONE
            }
            .tag("base"),
            ImageRecipe {
                files: &[("Dockerfile", "FROM a\n")],
                ..ONE
            }
            .tag("base"),
        ];
        let different: std::collections::BTreeSet<_> = tags.iter().collect();
        assert_eq!(different.len(), tags.len(), "{tags:?}");
    }

    #[test]
    fn the_tag_stays_when_nothing_changes() {
        assert_eq!(ONE.tag("base"), ONE.tag("base"));
        assert_eq!(ONE.image("base"), "bystander/clinic-one:e676f1bd0fbb");
    }

    #[test]
    fn each_part_builds_on_the_base_it_is_given_and_says_whose_it_is() {
        for recipe in ALL {
            let found = recipe.files.iter().find(|(name, _)| *name == "Dockerfile");
            let dockerfile = found.map(|(_, content)| *content).unwrap_or_default();
            let label = format!("LABEL {}={}\n", crate::deploy::label::IMAGE, recipe.part);
            for line in ["ARG BASE=", "FROM ${BASE}\n", &label] {
                assert!(
                    dockerfile.contains(line),
                    "{line} in the image of the {}",
                    recipe.part
                );
            }
        }
    }
}
