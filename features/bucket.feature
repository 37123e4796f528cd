@bucket
Feature: The bucket that recordings lie in
  Links lead to the store of files, so that it can be reached from everywhere. Whoever asks it by themselves, for a list of what it
  holds or by a key that they know or guess, gets nothing: not as a patient, not as somebody who works here, not without signing in.

  Scenario: The bucket lists nothing, and opens by no key
    Given Ada, Ben and Chloe each have a finished video consultation that was recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: Those who work here find no more in the bucket than the app shows them
    Given Dr Evans held an audio consultation with Ada that was recorded
    And Dr Flynn is signed in
    And Phil is a pharmacist
    And Sam is a support agent
    Then no one can list or fetch anybody else's recordings
    And everyone can list and fetch their own

  Scenario: What a switched call leaves in the bucket is as closed as the rest
    Given Ada has a finished audio consultation that was recorded
    And Dan has booked an audio consultation and joined it
    When the feature "audio-video-switch" is turned on
    And Dan switches to video
    And Dan's consultation ends
    And Dan's consultation is recorded
    Then no one can list or fetch anybody else's recordings
    And everyone can still list and fetch their own

  @kill-switch
  Scenario: While replays are turned off, the bucket opens to their owners as little as to others
    Given Ada and Ben each have a finished audio consultation that was recorded
    Then everyone can list and fetch their own
    When the feature "consultation-replays" is turned off
    Then no one can list or fetch any recording
