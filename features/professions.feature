@professions
Feature: Pharmacists and insurers
  Whoever dispenses or pays was not in the consultation. They see the prescription, or what is claimed, and nothing of what was
  recorded.

  Scenario: A pharmacist sees the prescription, and not the recording
    Given Ada and Ben each have a finished video consultation that was recorded
    And Phil is a pharmacist
    And Ada has a prescription that Phil dispenses
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: An insurer sees what its members claim, and not their recordings
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Ivy is an insurer
    And Ivy is the insurer of Ada and Ben
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: What a member records later is none of the insurer's business either
    Given Ivy is an insurer
    And Ivy is the insurer of Ada
    And Ada has a finished video consultation that was recorded
    Then Ivy cannot list or fetch Ada's recording
    And Ada can list and fetch her own recording

  Scenario: Everybody who works for a patient sees what is theirs to see
    Given Phil is a pharmacist
    And Ivy is an insurer
    And Sam is a support agent
    And Grace is the guardian of Ada
    And Ivy is the insurer of Ada
    And Ada has a finished audio consultation that was recorded
    And Ada has a prescription that Phil dispenses
    And Sam has given a reason to open Ada's recording
    Then Grace and Sam can list and fetch Ada's recording
    And no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own
