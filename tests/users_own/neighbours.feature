Feature: Two neighbours
  What a user of Bystander writes: no code, only sentences of the vocabulary.

  Scenario: Neighbours share nothing
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: What was handed out is worth nothing once replays are off
    Given Ada has a finished video consultation that was recorded
    And Ada has been given a link to her recording
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
    And Ada's link no longer opens
