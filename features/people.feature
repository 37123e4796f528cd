@people
Feature: People whose rights end
  A right to see a recording is not for ever. Whoever had one and has it no longer is somebody else like everybody else.

  Scenario: A clinician whose patient has left sees nothing of theirs
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Evans held a video consultation with Ben that was recorded
    When Ada is no longer treated by Dr Evans
    Then Dr Evans cannot list or fetch Ada's recording
    And Dr Evans can still list and fetch Ben's recording
    And no one can list or fetch anybody else's recordings

  Scenario: A list that a clinician looked at before a patient left does not show it afterwards
    Given Dr Evans held an audio consultation with Ada that was recorded
    When Dr Evans looks at their replays
    And Ada is no longer treated by Dr Evans
    Then Dr Evans cannot list or fetch Ada's recording
    And everyone can still list and fetch their own

  Scenario: A patient moves from one clinician to another
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn held a video consultation with Ada that was recorded
    When Ada is no longer treated by Dr Evans
    Given Dr Flynn held an audio consultation with Ada that was recorded
    And Dr Evans held a video consultation with Ben that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
