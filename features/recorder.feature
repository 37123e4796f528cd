@recorder @containers
Feature: The recorder
  What the recorder makes of a call is its patient's alone: when it is finished, before that, and when it makes many at once.

  Scenario: What the recorder has made of a call is its patient's alone
    Given Ada and Ben each have a finished video consultation that the recorder has recorded
    And Chloe has a finished audio consultation that the recorder has recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Nobody else is told of a recording that is not finished
    Given Ada has booked a video consultation and joined it
    And Ben has a finished audio consultation that was recorded
    And Chloe is signed in
    When the recorder begins on Ada's consultation
    Then no one else is told of Ada's recording before it is finished
    And no one can list or fetch anybody else's recordings

  Scenario: Two calls that are recorded at the same time are not mixed up
    Given Ada and Ben have each booked a video consultation and joined it
    When the recorder begins on Ada's consultation
    And the recorder begins on Ben's consultation
    And the recorder is done with Ada's consultation
    And the recorder is done with Ben's consultation
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: A call that was switched to video is told to nobody else while it is recorded
    Given Ada and Ben each have a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And the recorder begins on Dan's consultation
    Then no one else is told of Dan's recording before it is finished
    And no one can list or fetch anybody else's recordings

  Scenario: What was begun while replays were on stays closed when they are turned off
    Given Ada has booked a video consultation and joined it
    And Ben has a finished audio consultation that was recorded
    When the recorder begins on Ada's consultation
    And the recorder is done with Ada's consultation
    And the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
