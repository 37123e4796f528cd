@kill-switch
Feature: Turning replays off
  On the day of a breach somebody turns the feature off. From then on nothing may come out, by any door, also not by one that
  was opened before.

  Scenario: Turning replays off closes every list and every recording
    Given Ada has a finished video consultation that was recorded
    And Ben has a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording

  Scenario: Turning replays off stops the links that were already handed out
    Given Ada has a finished video consultation that was recorded
    And Ada has been given a link to her recording
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
    And Ada's link no longer opens

  Scenario: Turning replays on again gives everybody their own back
    Given Ada and Ben each have a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
    When the feature "consultation-replays" is turned on
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: Off, on and off again
    Given Ada has a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned off
    And the feature "consultation-replays" is turned on
    And the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording

  Scenario: Both features at once
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording

  Scenario: What was recorded while replays were off is its owner's alone when they are on again
    Given Ada has a finished audio consultation that was recorded
    And Dr Flynn is signed in
    When the feature "consultation-replays" is turned off
    Given Ben has a finished audio consultation that was recorded
    When the feature "consultation-replays" is turned on
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own
