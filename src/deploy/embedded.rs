//! The clinic inside this process: no containers, no gateway, one replica of each role.

use bystander_clinic::FaultId;
use bystander_clinic::embedded::Clinic;
use futures::future::join_all;

use super::error::DeployError;
use super::health;
use super::secret::Secret;
use super::stack::StackAddresses;

/// A clinic in this process.
pub(super) struct EmbeddedClinic {
    /// Dropping it stops it too.
    clinic: Clinic,
    /// Each role, and where it is.
    roles: [(&'static str, String); 3],
}

/// Starts the clinic in this process.
///
/// # Errors
/// [`DeployError::Embedded`].
pub(super) async fn up(faults: &[FaultId]) -> Result<(EmbeddedClinic, StackAddresses), DeployError> {
    let clinic = Clinic::start(faults).await?;
    let given = clinic.addresses();
    let addresses = StackAddresses {
        api: given.api.clone(),
        objects: given.objects.clone(),
        flags: given.flags.clone(),
        replicas: given.replicas.clone(),
        admin_key: Secret::from(given.admin_key.reveal().to_owned()),
        service_key: Secret::from(given.service_key.reveal().to_owned()),
    };
    let roles = [
        ("api", &addresses.api),
        ("objects", &addresses.objects),
        ("flags", &addresses.flags),
    ];
    let roles = roles.map(|(name, address)| (name, address.as_str().trim_end_matches('/').to_owned()));
    Ok((EmbeddedClinic { clinic, roles }, addresses))
}

impl EmbeddedClinic {
    /// Asks each role whether it is well.
    pub(super) async fn health(&self) -> Vec<(String, Result<(), String>)> {
        let client = health::client();
        join_all(self.roles.iter().map(|(name, address)| async {
            let well = match &client {
                Ok(client) => health::probe_over_http(client, address).await,
                Err(said) => Err(said.clone()),
            };
            ((*name).to_owned(), well)
        }))
        .await
    }

    /// Stops it.
    pub(super) async fn down(self) -> Result<(), DeployError> {
        self.clinic.stop().await;
        Ok(())
    }
}
