@replicas
Feature: Replicas
  What a replica keeps in its memory is gone when it is started again; what all of them share is still there. The one must not be
  taken for the other. And one may hear of a change later than the others: whatever is done meanwhile, by whichever of them.

  Scenario: Lists that were looked at before a restart do not change hands after it
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada and Ben look at their replays
    And the change "a-replica-is-restarted" is made
    And Ben looks at his replays
    And Ada looks at her replays
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Links and sessions from before a restart are whose they were
    Given Ada and Ben each have a finished video consultation that was recorded
    And Ada has been given a link to her recording
    When Ben signs out
    And the change "a-replica-is-restarted" is made
    Then Ben's old session opens nothing
    And Ada's link opens for nobody else
    And Ada can still list and fetch her own recordings

  Scenario: Replays that were turned off stay off when a replica is started again
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    And the change "a-replica-is-restarted" is made
    Then no one can list or fetch any recording

  @containers
  Scenario: What is recorded while a replica is late is its patient's alone
    Given Ada has a finished audio consultation that was recorded
    And Ben, Chloe and Dan have each booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Ben, Chloe and Dan switch to video
    And the change "a-replica-is-late" is made
    And the feature "audio-video-switch" is turned off
    And Ben, Chloe and Dan's consultation ends
    And Ben's consultation is recorded
    And Ada signs out
    And Chloe's consultation is recorded
    And Ada signs in again
    And Dan's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    When the change "a-replica-is-late" is undone
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  @containers
  Scenario: What a late replica went on showing is shown by none when all have heard that replays are off
    Given Ada, Ben and Chloe each have a finished audio consultation that was recorded
    When the change "a-replica-is-late" is made
    And the feature "consultation-replays" is turned off
    And Ada and Ben look at their replays
    And Chloe and Ada look at their replays
    And the change "a-replica-is-late" is undone
    Then no one can list or fetch any recording
