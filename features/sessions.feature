@sessions
Feature: Signing out and in
  People share devices. What one of them leaves behind must not open anything for the next.

  Scenario: A session that was signed out of opens nothing
    Given Ada has a finished video consultation that was recorded
    When Ada signs out
    Then Ada's old session opens nothing

  Scenario: Somebody else signs in where Ada signed out
    Given Ada and Ben each have a finished audio consultation that was recorded
    When Ada signs out
    And Chloe signs in
    And Ada signs in again
    Then Ada's old session opens nothing
    And no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  Scenario: An old session opens nothing after somebody has switched
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When Ada signs out
    And the feature "audio-video-switch" is turned on
    And Dan switches to video
    Then Ada's old session opens nothing

  Scenario: Signing out and in again between two switches
    Given Ada has a finished audio consultation that was recorded
    And Dan has a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan signs out
    And Dan signs in again
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own
