@deletion
Feature: Deleting a recording
  What a patient deletes is gone: for those with whom it was shared, for the clinician who held the consultation, and by every page,
  link and version that was taken while it was still there.

  Scenario: A recording that its patient deleted comes out to nobody any more
    Given Ada and Ben each have a finished video consultation that was recorded
    And Ada has been given a link to her recording
    When Ada deletes her recording
    Then no one can list or fetch Ada's deleted recording
    And no one can list or fetch anybody else's recordings
    And Ben can still list and fetch his own recordings

  Scenario: With a recording that is deleted its shares end
    Given Ada has a finished audio consultation that was recorded
    And Ada has shared her recording with Ben
    And Chloe is signed in
    When Ada deletes her recording
    Then Ben cannot list or fetch Ada's recording
    And no one can list or fetch Ada's deleted recording

  Scenario: Deleting one recording leaves the others as they were
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Evans held an audio consultation with Ada that was recorded
    And Ben is signed in
    When Ada's recording is deleted
    Then no one can list or fetch Ada's deleted recording
    And everyone can still list and fetch their own
    And no one can list or fetch anybody else's recordings

  Scenario: What was deleted stays so when replays are turned off and on again
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada deletes her recording
    And the feature "consultation-replays" is turned off
    And the feature "consultation-replays" is turned on
    Then no one can list or fetch Ada's deleted recording
    And no one can list or fetch anybody else's recordings
